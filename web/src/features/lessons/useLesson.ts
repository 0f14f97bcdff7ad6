import { useMutation, useQueryClient } from '@tanstack/react-query'
import { KEY, keyOf, type Lesson } from './lessons'

/** Does something to a lesson; the card that comes back is shown at once, lists are asked again. */
export function useLessonAct<Given>(act: (given: Given) => Promise<Lesson>, done?: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: (lesson) => {
      queries.setQueryData(keyOf(lesson.lesson_id), lesson)
      void queries.invalidateQueries({ queryKey: [...KEY, 'week'] })
      done?.()
    },
    // Somebody else was quicker: what is there now is shown beside the refusal
    onError: () => void queries.invalidateQueries({ queryKey: KEY }),
  })
}
