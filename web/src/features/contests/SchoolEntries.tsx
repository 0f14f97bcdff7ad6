import { Anchor, Button, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { Entries } from '../../ui/entries/Entries'
import { loadEntries } from '../../ui/entries/entries'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import { openContest } from './contests'
import classes from './Contests.module.css'

/** Who of the school has entered one contest. */
export function SchoolEntries() {
  const { t } = useTranslation('contests')
  const { contest: id } = useParams({ strict: false }) as { contest: string }
  const contest = useQuery({ queryKey: ['contests', 'one', id], queryFn: () => openContest(id) })
  const listed = useListing(['contests', 'entries', id], (cursor) => loadEntries(id, undefined, cursor))
  const save = useMutation({
    mutationFn: () => download(`/api/cabinet/contests/${id}/entries.csv`, 'entries.csv'),
  })
  return (
    <Page title={t('school-entries')} wide>
      <Anchor
        component={Link}
        to={`/contests/${id}` as never}
        className={classes.back}
        mt="-md"
        w="fit-content"
      >
        ← {contest.data?.title ?? t('one')}
      </Anchor>
      {contest.data && contest.data.school_left !== null && (
        <Text>{t('school-left', { left: contest.data.school_left, quota: contest.data.quota })}</Text>
      )}
      <Listing listed={listed} empty={t('school-entries-empty')}>
        {(items) => (
          <>
            <Entries caption={t('school-entries-caption')} entries={items} />
            {save.error && <Trouble error={save.error} />}
            <Button variant="default" w="fit-content" loading={save.isPending} onClick={() => save.mutate()}>
              {t('download')}
            </Button>
          </>
        )}
      </Listing>
    </Page>
  )
}
