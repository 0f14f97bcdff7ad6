import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { registry, unwrap } from '../../api/client'
import type { components } from '../../api/generated/registry'

export type School = components['schemas']['SchoolFacts']

const SHORTEST = 2

/** Schools by what is typed: words of the name, a number, an INN or OGRN. */
export function useSchools(typed: string) {
  const [q] = useDebouncedValue(typed.trim(), 200)
  return useQuery({
    queryKey: ['schools', q],
    queryFn: () => unwrap(registry.GET('/api/registry/schools', { params: { query: { q, limit: 20 } } })),
    enabled: q.length >= SHORTEST,
    placeholderData: keepPreviousData,
  })
}

export function useSchool(id: string | undefined) {
  return useQuery({
    queryKey: ['school', id],
    queryFn: () =>
      unwrap(registry.GET('/api/registry/schools/{school_id}', { params: { path: { school_id: id! } } })),
    enabled: Boolean(id),
  })
}
