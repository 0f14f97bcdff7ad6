import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

interface Slice<Item> {
  items: Item[]
  next: string | null
}

/**
 * A list that is paged by cursor, looked at again every `every` milliseconds; the pages shown already stay shown. With
 * `keep` the former list stays until the next one is there (`isStale`), as while somebody types.
 */
export function useListing<Item>(
  queryKey: readonly unknown[],
  load: (cursor: string | undefined) => Promise<Slice<Item>>,
  every: number | false = false,
  keep = false,
) {
  const listing = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam ?? undefined),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: every,
    placeholderData: keep ? keepPreviousData : undefined,
  })
  return {
    items: listing.data?.pages.flatMap((page) => page.items) ?? [],
    error: listing.error,
    isPending: listing.isPending,
    isStale: listing.isPlaceholderData,
    hasMore: listing.hasNextPage,
    isLoadingMore: listing.isFetchingNextPage,
    more: () => void listing.fetchNextPage(),
    again: () => void listing.refetch(),
  }
}

export type Listed<Item> = ReturnType<typeof useListing<Item>>
