import { Button, FileInput, Group, Stack, Table, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cabinet, unwrap } from '../../api/client'
import { Trouble } from '../../ui/Trouble'

type Verdict = 'new' | 'changed' | 'unchanged' | 'rejected'
const VERDICTS: Verdict[] = ['new', 'changed', 'unchanged', 'rejected']

interface Outcome extends Record<Verdict, number> {
  mode: 'dry-run' | 'apply'
  total: number
  rows: { row: number; verdict: Verdict; name: string | null; reasons: { field: string; detail: string }[] }[]
}

async function send(class_id: string, file: File, mode: Outcome['mode']): Promise<Outcome> {
  const form = new FormData()
  form.append('file', file)
  form.append('mode', mode)
  const asked = cabinet.POST('/api/cabinet/classes/{class_id}/pupils/import', {
    params: { path: { class_id } },
    body: form as never,
    bodySerializer: (body) => body as unknown as FormData,
  })
  return (await unwrap(asked)) as unknown as Outcome
}

interface Props {
  of: string
  settle: () => Promise<void>
  close: () => void
}

/** A class list from a file: tried first, with a verdict on every row, then entered. */
export function PupilImport({ of, settle, close }: Props) {
  const { t } = useTranslation(['diary', 'ui'])
  const [file, setFile] = useState<File | null>(null)
  const run = useMutation({
    mutationFn: async (mode: Outcome['mode']) => {
      const outcome = await send(of, file!, mode)
      if (mode === 'apply') await settle()
      return outcome
    },
  })
  const outcome = run.data
  const choose = (chosen: File | null) => {
    setFile(chosen)
    run.reset()
  }
  return (
    <Stack>
      <Text>{t('import-text')}</Text>
      <FileInput
        size="md"
        label={t('import-file')}
        description={t('import-hint')}
        placeholder={t('import-choose')}
        accept=".csv,.xlsx"
        value={file}
        onChange={choose}
      />
      {run.isError && <Trouble error={run.error} />}
      {outcome && <Told outcome={outcome} />}
      <Group>
        {outcome?.mode === 'apply' ? (
          <Button onClick={close}>{t('ready')}</Button>
        ) : (
          <>
            <Button
              disabled={!file}
              variant={outcome ? 'default' : 'filled'}
              loading={run.isPending && run.variables === 'dry-run'}
              onClick={() => run.mutate('dry-run')}
            >
              {t('import-try')}
            </Button>
            {outcome && outcome.new + outcome.changed > 0 && (
              <Button loading={run.isPending} onClick={() => run.mutate('apply')}>
                {t('import-apply', { count: outcome.new + outcome.changed })}
              </Button>
            )}
          </>
        )}
      </Group>
    </Stack>
  )
}

function Told({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation('diary')
  const shown = outcome.rows.filter((one) => one.verdict !== 'unchanged')
  return (
    <Stack gap="xs" role="status">
      <Text fw={600}>{t(outcome.mode === 'apply' ? 'import-applied' : 'import-tried')}</Text>
      <Text>
        {VERDICTS.filter((one) => outcome[one] > 0)
          .map((one) => `${t(`verdicts.${one}`)}: ${outcome[one]}`)
          .join(', ')}
      </Text>
      {shown.length > 0 && (
        <Table.ScrollContainer minWidth={300} maxHeight={280} scrollAreaProps={{ tabIndex: 0 }}>
          <Table captionSide="top">
            <Table.Caption>{t('import-rows')}</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('row')}</Table.Th>
                <Table.Th>{t('pupil')}</Table.Th>
                <Table.Th>{t('verdict.label')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.slice(0, 200).map((one) => (
                <Table.Tr key={one.row}>
                  <Table.Td>{one.row}</Table.Td>
                  <Table.Td>{one.name ?? '—'}</Table.Td>
                  <Table.Td>
                    {t(`verdict.${one.verdict}`)}
                    {one.reasons.map((reason) => (
                      <Text key={reason.field + reason.detail} size="sm">
                        {reason.detail}
                      </Text>
                    ))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  )
}
