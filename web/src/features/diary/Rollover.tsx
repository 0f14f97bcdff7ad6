import { Anchor, Button, Checkbox, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cabinet, unwrap } from '../../api/client'
import { date } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { gradeOf, schoolYear, today } from './api'

interface Ended {
  class_id: string
  name: string
  pupils: number
  becomes?: string
}

interface Plan {
  year: number
  on: string
  going_on: Ended[]
  leaving: Ended[]
}

const LAST_OF_BASIC = 9 // after it a class may leave; after grade 11 all do

/** The end of a school year: what becomes of every class is looked at first. */
export function Rollover() {
  const { t } = useTranslation(['diary', 'ui'])
  const year = schoolYear(today())
  const [leaving, setLeaving] = useState<string[]>([])
  const [asked, setAsked] = useState(false)
  const queries = useQueryClient()
  const plan = useQuery({
    queryKey: ['diary', 'rollover', year, leaving],
    queryFn: async () =>
      (await unwrap(
        cabinet.GET('/api/cabinet/rollover', { params: { query: { year, leaving } } }),
      )) as unknown as Plan,
    placeholderData: (before) => before,
    retry: false,
  })
  const end = useMutation({
    mutationFn: () => unwrap(cabinet.POST('/api/cabinet/rollover', { body: { year, leaving } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['diary'] }),
    onSettled: () => setAsked(false),
  })
  const all = plan.data ? [...plan.data.going_on, ...plan.data.leaving] : []
  const toggle = (class_id: string, goes: boolean) =>
    setLeaving((now) => (goes ? [...now, class_id] : now.filter((one) => one !== class_id)))
  return (
    <Page title={t('step.rollover')}>
      <Anchor component={Link} to={'/diary/setup' as never}>
        {t('setup-back')}
      </Anchor>
      <Text>{t('about.rollover')}</Text>
      {end.isSuccess && <Text role="status">{t('rollover-done')}</Text>}
      {plan.isPending && <Skeleton h={240} />}
      {plan.isError && !end.isSuccess && <Trouble error={plan.error} again={() => void plan.refetch()} />}
      {plan.data && !end.isSuccess && (
        <Stack>
          <Records
            caption={t('rollover-caption', { year, next: year + 1, on: date(plan.data.on) })}
            rows={all}
            keyOf={(one) => one.class_id}
            columns={[
              { name: t('class-name'), cell: (one) => one.name },
              { name: t('pupils-now'), cell: (one) => one.pupils },
              { name: t('becomes'), cell: (one) => one.becomes ?? t('leaves-school') },
              {
                name: t('leave-after-9'),
                cell: (one) =>
                  gradeOf(one.name) === LAST_OF_BASIC ? (
                    <Checkbox
                      aria-label={t('leave-after-9-of', { name: one.name })}
                      checked={leaving.includes(one.class_id)}
                      onChange={(event) => toggle(one.class_id, event.currentTarget.checked)}
                    />
                  ) : (
                    '—'
                  ),
              },
            ]}
          />
          {end.isError && <Trouble error={end.error} />}
          <Button w="fit-content" color="red" onClick={() => setAsked(true)}>
            {t('rollover-end')}
          </Button>
        </Stack>
      )}
      <Dialog title={t('rollover-sure')} opened={asked} onClose={() => setAsked(false)}>
        <Stack>
          <Text>{t('rollover-sure-text', { count: all.reduce((sum, one) => sum + one.pupils, 0) })}</Text>
          <Group>
            <Button color="red" loading={end.isPending} onClick={() => end.mutate()}>
              {t('rollover-end')}
            </Button>
            <Button variant="subtle" onClick={() => setAsked(false)}>
              {t('ui:cancel')}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Page>
  )
}
