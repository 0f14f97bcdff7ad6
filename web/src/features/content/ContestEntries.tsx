import { Button, Group, Stack, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { Choices } from '../../ui/Choices'
import { Entries } from '../../ui/entries/Entries'
import { loadEntries, type State } from '../../ui/entries/entries'
import { Listing } from '../../ui/Listing'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import type { Contest } from './contests'
import { useWriter } from './useWriter'

const SHOWN = ['applied', 'accepted', 'waitlisted'] as const

/** Who takes part, who waits; and the list as a file. */
export function ContestEntries({ contest }: { contest: Contest }) {
  const { t } = useTranslation('content')
  const { isHead } = useWriter()
  const { entries } = useSearch({ strict: false }) as { entries?: State }
  const id = contest.contest_id
  const listed = useListing(['contests', 'entries', id, entries], (cursor) =>
    loadEntries(id, entries, cursor),
  )
  const save = useMutation({
    mutationFn: () => download(`/api/cabinet/contests/${id}/entries.csv`, 'entries.csv'),
  })
  return (
    <section aria-labelledby="entries">
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h3" id="entries">
            {t('entries')}
          </Title>
          <Button variant="light" loading={save.isPending} onClick={() => save.mutate()}>
            {t('entries-download')}
          </Button>
        </Group>
        {save.error && <Trouble error={save.error} />}
        <Choices
          label={t('entries-shown')}
          name="entries"
          options={[
            { value: undefined, label: t('entries-all') },
            ...SHOWN.map((value) => ({ value, label: t(`entries-state.${value}`) })),
          ]}
        />
        <Listing listed={listed} empty={t(entries ? 'entries-none' : 'entries-empty')}>
          {(items) => <Entries caption={t('entries-caption')} entries={items} withSchool={!isHead} />}
        </Listing>
      </Stack>
    </section>
  )
}
