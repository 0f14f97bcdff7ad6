import { redirect } from '@tanstack/react-router'
import { ensureSession, type Session } from './session'

interface Where {
  location: { pathname: string }
}

/** Before a page for people who are signed in: others are sent to the door, or to what is left of a first sign-in. */
export async function signedIn({ location }: Where): Promise<Session> {
  const session = await ensureSession()
  if (!session) throw redirect({ to: '/signin', search: { to: location.pathname } as never })
  if (session.scope === 'activation') throw redirect({ to: '/welcome' })
  return session
}
