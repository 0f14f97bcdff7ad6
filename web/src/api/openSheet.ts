import { send, signed, unwrap } from './client'

/**
 * A page of the server that only the signed-in may have (a sheet to print), in a tab of its own, as it is. Throws
 * Refused. To be called while a click is handled, or the browser opens no tab.
 */
export async function openSheet(path: string): Promise<void> {
  const tab = window.open('', '_blank')
  const response = await send(signed(new Request(path))).catch((error: unknown) => {
    tab?.close()
    throw error
  })
  if (!response.ok) {
    tab?.close()
    await unwrap(Promise.resolve({ error: await response.json().catch(() => null), response }))
  }
  if (tab) show(tab, await response.text())
}

const STYLE = /<style>([^]*?)<\/style>/

/** The policy of our pages refuses styles that are written into a page, and takes those that a script makes. */
function show(tab: Window, html: string) {
  const page = new DOMParser().parseFromString(html.replace(STYLE, ''), 'text/html')
  const style = new (tab as Window & typeof globalThis).CSSStyleSheet()
  style.replaceSync(html.match(STYLE)?.[1] ?? '')
  tab.document.title = page.title
  tab.document.documentElement.lang = page.documentElement.lang
  tab.document.body.replaceChildren(...page.body.childNodes)
  tab.document.adoptedStyleSheets = [style]
}
