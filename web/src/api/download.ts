import { send, signed, unwrap } from './client'

/** The server's name of the file: RFC 6266, with the encoded one first. */
function nameOf(disposition: string | null): string | null {
  const encoded = disposition?.match(/filename\*=UTF-8''([^;]+)/)?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return disposition?.match(/filename="([^"]+)"/)?.[1] ?? null
}

/** Saves a file that only the signed-in may have. Throws Refused. */
export async function download(path: string, name: string): Promise<void> {
  const response = await send(signed(new Request(path)))
  if (!response.ok) {
    await unwrap(Promise.resolve({ error: await response.json().catch(() => null), response }))
  }
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = nameOf(response.headers.get('Content-Disposition')) ?? name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
