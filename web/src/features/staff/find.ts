import { fullName } from '../../ui/names'
import { hasEnded, type Member } from './roll'

export const ACCOUNTS = ['none', 'issued', 'active', 'suspended'] as const
export type AccountIs = (typeof ACCOUNTS)[number]

/** How the account stands, in a head's words: one that has ended is none. */
export const accountIs = ({ account }: Member): AccountIs =>
  account && !hasEnded(account) ? (account.state as AccountIs) : 'none'

const words = (text: string) => text.toLowerCase().replaceAll('ё', 'е').split(/\s+/).filter(Boolean)

/** Those of whom every typed word begins a word of name, post or division. */
export function find(members: Member[], typed: string, state: AccountIs | undefined): Member[] {
  const wanted = words(typed)
  const speaksOf = (one: Member) => {
    const said = words([fullName(one), one.post, one.division].filter(Boolean).join(' '))
    return wanted.every((word) => said.some((other) => other.startsWith(word)))
  }
  return members
    .filter((one) => (!state || accountIs(one) === state) && speaksOf(one))
    .sort((one, other) => fullName(one).localeCompare(fullName(other), 'ru'))
}
