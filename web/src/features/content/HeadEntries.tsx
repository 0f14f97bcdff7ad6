import { Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Entries } from '../../ui/entries/Entries'
import { loadUndecided } from '../../ui/entries/entries'
import { Listing } from '../../ui/Listing'
import { useListing } from '../../ui/useListing'

/** Entries of heads, which the department approves; nothing when none waits. */
export function HeadEntries() {
  const { t } = useTranslation('content')
  const listed = useListing(['contests', 'undecided'], loadUndecided)
  if (!listed.error && listed.items.length === 0) return null
  return (
    <section aria-labelledby="of-heads">
      <Title order={2} size="h4" id="of-heads" mb="sm">
        {t('entries-of-heads')}
      </Title>
      <Listing listed={listed} empty="">
        {(items) => (
          <Entries
            caption={t('entries-of-heads-text')}
            entries={items}
            contests="/desk/content/contests"
            withSchool
          />
        )}
      </Listing>
    </section>
  )
}
