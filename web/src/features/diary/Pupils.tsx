import { Anchor, Button, Group, Skeleton, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cabinet, unwrap } from '../../api/client'
import { useSession } from '../../api/session'
import { date } from '../../ui/dates'
import { Dialog } from '../../ui/Dialog'
import { fullName } from '../../ui/names'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { type ClassPupil, loadPupils, today } from './api'
import { ClassChoice } from './Teaching'
import { PupilImport } from './PupilImport'
import { type School, useSchool } from './setup'
import { asValues, type Field, SetupForm, type Values } from './SetupForm'
import { ComesFirst } from './SetupList'

type Act = 'add' | 'change' | 'move' | 'leave' | 'import'

/** Lists of classes: by hand, or from a file; a head also moves pupils and lets them go. */
export function Pupils() {
  const { t } = useTranslation('diary')
  const school = useSchool()
  const navigate = useNavigate()
  const { class: wanted } = useSearch({ strict: false }) as { class?: string }
  const isHead = useSession()?.category === 'head'
  const of = wanted ?? school.classes[0]?.class_id
  return (
    <Page title={t('step.pupils')} wide>
      <Anchor component={Link} to={(isHead ? '/diary/setup' : '/diary') as never}>
        {t(isHead ? 'setup-back' : 'diary-back')}
      </Anchor>
      <Text>{t('about.pupils')}</Text>
      {school.known.isPending && <Skeleton h={240} />}
      {school.known.isError && (
        <Trouble error={school.known.error} again={() => void school.known.refetch()} />
      )}
      {school.known.data && !of && <ComesFirst step="classes" />}
      {of && school.known.data && (
        <>
          {isHead && (
            <ClassChoice
              school={school}
              of={of}
              choose={(class_id) => void navigate({ search: { class: class_id } as never, replace: true })}
            />
          )}
          <List key={of} of={of} school={school} isHead={isHead} />
        </>
      )}
    </Page>
  )
}

function List({ of, school, isHead }: { of: string; school: School; isHead: boolean }) {
  const { t } = useTranslation('diary')
  const queries = useQueryClient()
  const pupils = useQuery({ queryKey: ['diary', 'pupils', of], queryFn: () => loadPupils(of) })
  const [opened, setOpened] = useState<{ act: Act; pupil?: ClassPupil } | null>(null)
  const settle = () => queries.invalidateQueries({ queryKey: ['diary'] })
  const fields = useFields(school, of)
  const close = () => setOpened(null)
  const act = opened?.act
  return (
    <>
      <Group>
        <Button onClick={() => setOpened({ act: 'add' })}>{t('add.pupils')}</Button>
        <Button variant="default" onClick={() => setOpened({ act: 'import' })}>
          {t('import')}
        </Button>
      </Group>
      {pupils.isPending && <Skeleton h={200} />}
      {pupils.isError && <Trouble error={pupils.error} again={() => void pupils.refetch()} />}
      {pupils.data?.length === 0 && <Text c="dimmed">{t('none.pupils')}</Text>}
      {pupils.data && pupils.data.length > 0 && (
        <Records
          caption={t('pupils', { count: pupils.data.length })}
          rows={pupils.data}
          keyOf={(one) => one.pupil_id + one.since}
          columns={[
            { name: t('pupil'), cell: (one) => fullName(one) },
            { name: t('birthday'), cell: (one) => (one.birthday ? date(one.birthday) : '—') },
            {
              name: t('in-class'),
              cell: (one) => `${date(one.since)} – ${one.until ? date(one.until) : t('till-now')}`,
            },
            {
              name: t('acts'),
              cell: (one) => (
                <Group gap="xs">
                  {(['change', ...(isHead && !one.until ? ['move', 'leave'] : [])] as Act[]).map((it) => (
                    <Button
                      key={it}
                      variant="subtle"
                      aria-label={t(`pupil-act.${it}-one`, { name: fullName(one) })}
                      onClick={() => setOpened({ act: it, pupil: one })}
                    >
                      {t(`pupil-act.${it}`)}
                    </Button>
                  ))}
                </Group>
              ),
            },
          ]}
        />
      )}
      <Dialog title={act ? t(`pupil-act.${act}`) : ''} opened={opened !== null} onClose={close}>
        {act === 'import' && <PupilImport of={of} settle={settle} close={close} />}
        {act && act !== 'import' && (
          <SetupForm
            key={act}
            fields={fields[act]}
            known={act === 'add' ? null : valuesOf(act, opened.pupil!)}
            send={async (body, key) => {
              await send(act, of, opened.pupil, body, key)
              await settle()
            }}
            close={close}
          />
        )}
      </Dialog>
    </>
  )
}

function useFields(school: School, of: string): Record<Exclude<Act, 'import'>, Field[]> {
  const { t } = useTranslation('diary')
  const name: Field[] = [
    { name: 'last_name', label: t('last-name') },
    { name: 'first_name', label: t('first-name') },
    { name: 'patronymic', label: t('patronymic'), isOptional: true },
    { name: 'birthday', label: t('birthday'), kind: 'date', isOptional: true },
  ]
  const others = school.choices.classes.filter(({ value }) => value !== of)
  return {
    add: [
      ...name,
      { name: 'since', label: t('in-class-since'), kind: 'date', initial: today(), again: true },
    ],
    change: name,
    move: [
      { name: 'class_id', label: t('move-to'), choices: others },
      { name: 'since', label: t('in-class-since'), kind: 'date' },
    ],
    leave: [{ name: 'until', label: t('last-day'), kind: 'date' }],
  }
}

const valuesOf = (act: Act, one: ClassPupil): Values =>
  act === 'change' ? asValues(one) : act === 'move' ? { class_id: '', since: today() } : { until: today() }

function send(act: Act, class_id: string, pupil: ClassPupil | undefined, given: object, key: string) {
  const body = given as never
  const path = { pupil_id: pupil?.pupil_id ?? '' }
  switch (act) {
    case 'change': {
      const header = { 'If-Match': `"${pupil!.version}"` }
      return unwrap(cabinet.PATCH('/api/cabinet/pupils/{pupil_id}', { params: { path, header }, body }))
    }
    case 'move':
      return unwrap(cabinet.POST('/api/cabinet/pupils/{pupil_id}/move', { params: { path }, body }))
    case 'leave':
      return unwrap(cabinet.POST('/api/cabinet/pupils/{pupil_id}/leave', { params: { path }, body }))
    default: {
      const params = { path: { class_id }, header: { 'Idempotency-Key': key } }
      return unwrap(cabinet.POST('/api/cabinet/classes/{class_id}/pupils', { params, body }))
    }
  }
}
