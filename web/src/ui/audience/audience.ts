import { useQuery } from '@tanstack/react-query'
import { cabinet, registry, unwrap } from '../../api/client'
import type { components } from '../../api/generated/cabinet'

/** Who fits every list that is not empty, as forms hold it. */
export interface AudienceValues {
  categories: ('head' | 'employee')[]
  posts: string[]
  districts: string[]
  school_ids: string[]
}

export const EVERYBODY: AudienceValues = { categories: [], posts: [], districts: [], school_ids: [] }

export const audienceValues = (it: components['schemas']['Audience']): AudienceValues => ({
  categories: [...(it.categories ?? [])],
  posts: [...(it.posts ?? [])],
  districts: [...(it.districts ?? [])],
  school_ids: [...(it.school_ids ?? [])],
})

/** Posts of the own school, for a head to choose from. */
export function usePosts(isHead: boolean): string[] {
  const teachers = useQuery({
    queryKey: ['colleagues'],
    queryFn: () => unwrap(cabinet.GET('/api/cabinet/teachers', { params: { query: { limit: 200 } } })),
    enabled: isHead,
  })
  const items = (teachers.data?.items ?? []) as { post: string | null }[]
  return [...new Set(items.flatMap(({ post }) => (post ? [post.toLowerCase()] : [])))].sort()
}

export const findSchools = (q: string) =>
  unwrap(registry.GET('/api/registry/schools', { params: { query: { q, limit: 20 } } }))

export const loadSchool = (school_id: string) =>
  unwrap(registry.GET('/api/registry/schools/{school_id}', { params: { path: { school_id } } }))
