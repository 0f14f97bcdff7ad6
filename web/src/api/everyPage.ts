interface Slice<Item> {
  items: Item[]
  next: string | null
}

export const MOST = 200 // items of a page: the server gives no more
const PAGES = 50

/** All of a list that is short enough to be held: the staff of a school, not of a city. */
export async function everyPage<Item>(
  load: (cursor: string | undefined) => Promise<Slice<Item>>,
): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES; page++) {
    const slice = await load(cursor)
    items.push(...slice.items)
    if (slice.next === null) break
    cursor = slice.next
  }
  return items
}
