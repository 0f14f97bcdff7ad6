import { useListing } from '../../ui/useListing'
import { loadReferrals } from './referrals'

const LOOK_AGAIN = 15_000 // milliseconds

/** Account requests that wait for a person: the queue and the one that is open read the same list. */
export const useReferrals = () => useListing(['desk-referrals'], loadReferrals, LOOK_AGAIN)
