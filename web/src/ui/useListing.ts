import { useInfiniteQuery } from '@tanstack/react-query'

interface Slice<Item> {
  items: Item[]
  next: string | null
}

/** A list that is paged by cursor, looked at again every `every` milliseconds; the pages shown already stay shown. */
export function useListing<Item>(
  queryKey: readonly unknown[],
  load: (cursor: string | undefined) => Promise<Slice<Item>>,
  every: number | false = false,
) {
  const listing = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: every,
  })
  return {
    items: listing.data?.pages.flatMap((page) => page.items) ?? [],
    error: listing.error,
    isPending: listing.isPending,
    hasMore: listing.hasNextPage,
    isLoadingMore: listing.isFetchingNextPage,
    more: () => void listing.fetchNextPage(),
    again: () => void listing.refetch(),
  }
}

export type Listed<Item> = ReturnType<typeof useListing<Item>>
