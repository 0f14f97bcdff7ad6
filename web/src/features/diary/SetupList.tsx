import { Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { Page } from '../../ui/Page'
import { type Column, Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { addRow, changeRow, type Kind, removeRow } from './api'
import { asValues, type Field, SetupForm } from './SetupForm'

interface Props<Row extends { version: number }> {
  kind: Kind
  queryKey: string[]
  load: () => Promise<Row[]>
  idOf: (row: Row) => string
  /** What a row is called, to be asked about and told of. */
  nameOf: (row: Row) => string
  columns: Column<Row>[]
  fields: Field[]
  sort?: (one: Row, other: Row) => number
  above?: ReactNode
  /** What has to be there first; then nothing can be added yet. */
  missing?: ReactNode
}

/** A page of rows of one kind that a head keeps: a list, a form to add, to change, and taking away. */
export function SetupList<Row extends { version: number }>(props: Props<Row>) {
  const { kind, queryKey, load, idOf, nameOf, columns, fields, sort, above, missing } = props
  const { t } = useTranslation('diary')
  const queries = useQueryClient()
  const rows = useQuery({ queryKey: ['diary', ...queryKey], queryFn: load })
  const [opened, setOpened] = useState<string | null>(null)
  const [going, setGoing] = useState<Row | null>(null)
  const settle = () => queries.invalidateQueries({ queryKey: ['diary'] })
  const row = rows.data?.find((one) => idOf(one) === opened)
  const known = sort ? rows.data?.toSorted(sort) : rows.data
  const acts: Column<Row> = {
    name: t('acts'),
    cell: (row) => (
      <Group gap="xs">
        <Button
          variant="subtle"
          aria-label={t('change-one', { name: nameOf(row) })}
          onClick={() => setOpened(idOf(row))}
        >
          {t('change')}
        </Button>
        <Button
          variant="subtle"
          color="red"
          aria-label={t('remove-one', { name: nameOf(row) })}
          onClick={() => setGoing(row)}
        >
          {t('remove')}
        </Button>
      </Group>
    ),
  }
  return (
    <Page title={t(`step.${kind}`)} wide>
      <Anchor component={Link} to={'/diary/setup' as never}>
        {t('setup-back')}
      </Anchor>
      <Text>{t(`about.${kind}`)}</Text>
      {missing ?? (
        <>
          {above}
          <Button w="fit-content" onClick={() => setOpened('new')}>
            {t(`add.${kind}`)}
          </Button>
          {rows.isPending && <Skeleton h={200} />}
          {rows.isError && <Trouble error={rows.error} again={() => void rows.refetch()} />}
          {known?.length === 0 && <Text c="dimmed">{t(`none.${kind}`)}</Text>}
          {known && known.length > 0 && (
            <Records
              caption={t(`caption.${kind}`, { count: known.length })}
              columns={[...columns, acts]}
              rows={known}
              keyOf={idOf}
            />
          )}
        </>
      )}
      <Dialog
        title={t(opened === 'new' ? `add.${kind}` : 'change')}
        opened={opened !== null}
        onClose={() => setOpened(null)}
      >
        {opened !== null && (
          <SetupForm
            key={opened}
            fields={fields}
            known={row ? asValues(row) : null}
            send={async (body, key) => {
              // After a refusal too: what somebody else has changed is then at its new version
              const done = row ? changeRow(kind, opened, row.version, body) : addRow(kind, body, key)
              await done.finally(settle)
            }}
            close={() => setOpened(null)}
          />
        )}
      </Dialog>
      <Dialog title={t('remove')} opened={going !== null} onClose={() => setGoing(null)}>
        {going && (
          <Removal
            name={nameOf(going)}
            remove={async () => {
              await removeRow(kind, idOf(going), going.version)
              await settle()
            }}
            close={() => setGoing(null)}
          />
        )}
      </Dialog>
    </Page>
  )
}

interface RemovalProps {
  name: string
  remove: () => Promise<void>
  close: () => void
}

function Removal({ name, remove, close }: RemovalProps) {
  const { t } = useTranslation(['diary', 'ui'])
  const going = useMutation({ mutationFn: remove, onSuccess: close })
  return (
    <Stack>
      <Text>{t('remove-sure', { name })}</Text>
      {going.isError && <Trouble error={going.error} />}
      <Group>
        <Button color="red" loading={going.isPending} onClick={() => going.mutate()}>
          {t('remove')}
        </Button>
        <Button variant="subtle" onClick={close}>
          {t('ui:cancel')}
        </Button>
      </Group>
    </Stack>
  )
}

/** What has to be set up first, with the way there. */
export function ComesFirst({ step }: { step: Kind }) {
  const { t } = useTranslation('diary')
  return (
    <Text>
      {t(`next.${step}`)}{' '}
      <Anchor component={Link} to={`/diary/setup/${step}` as never}>
        {t(`step.${step}`)}
      </Anchor>
    </Text>
  )
}
