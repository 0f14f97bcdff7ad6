import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { identity, unwrap } from '../api/client'
import { forget } from '../api/session'

/** Ends the session of this device everywhere, then shows the start page. */
export function useSignOut() {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () => unwrap(identity.DELETE('/api/identity/sessions/current')),
    onSuccess: async () => {
      forget()
      await navigate({ to: '/' })
    },
  })
}
