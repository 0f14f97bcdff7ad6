import { cabinet, unwrap } from './client'

/** GET /cabinet/workplace as api.md has it. */
export interface WorkplaceAnswer {
  etag: string
  school: { short_name: string } | null
  post: string
  division: string | null
  building: string | null
  subjects: string[]
  classes: string[]
  employment: 'main' | 'part-time' | null
  work_phone: string | null
  room: string | null
  proposed_post: string | null
  required: string[]
  complete: boolean
  hints: Record<string, string>
  suggestions: { subjects: string[]; buildings: string[]; phones: string[] }
}

export const keptEtag = (response: Response) => response.headers.get('ETag') ?? ''

export async function loadWorkplace(): Promise<WorkplaceAnswer> {
  const asked = cabinet.GET('/api/cabinet/workplace')
  const data = await unwrap(asked)
  return { ...data, etag: keptEtag((await asked).response) } as WorkplaceAnswer
}

/** As the form holds it: nothing is an empty text. */
export function asForm(place: WorkplaceAnswer) {
  return {
    building: place.building ?? place.suggestions.buildings[0] ?? '',
    subjects: place.subjects,
    classes: place.classes,
    employment: place.employment ?? ('' as 'main' | 'part-time' | ''),
    work_phone: place.work_phone ?? place.suggestions.phones[0] ?? '',
    room: place.room ?? '',
    proposed_post: place.proposed_post ?? '',
  }
}
