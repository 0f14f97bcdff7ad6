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
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  if (tab) show(tab, page)
}

/** The policy of our pages refuses styles that are written into a page, and takes those that a script makes. */
function show(tab: Window, page: Document) {
  const style = new (tab as Window & typeof globalThis).CSSStyleSheet()
  style.replaceSync([...page.querySelectorAll('style')].map((one) => one.textContent).join('\n'))
  tab.document.title = page.title
  tab.document.documentElement.lang = page.documentElement.lang
  tab.document.body.replaceChildren(...page.body.childNodes)
  tab.document.adoptedStyleSheets = [style]
}
