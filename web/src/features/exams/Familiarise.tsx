import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { Trouble } from '../../ui/Trouble'
import { familiarise, type Result } from './exams'

const NAMED = 10 // codes that are spelled out
const HYPHEN = '\u2011' // at which no line breaks

/** Asks whether the pupils know their results, and notes it: for good, with name and time. */
export function Familiarise({ results, onClose }: { results: Result[] | null; onClose: () => void }) {
  const { t } = useTranslation('exams')
  // The last ones stay while the dialog fades out
  const [shown, setShown] = useState(results)
  if (results && results !== shown) setShown(results)
  return (
    <Dialog title={t('tell-title')} opened={results !== null} onClose={onClose}>
      {shown && <Ask key={shown[0]!.result_id} results={shown} onClose={onClose} />}
    </Dialog>
  )
}

function Ask({ results, onClose }: { results: Result[]; onClose: () => void }) {
  const { t } = useTranslation(['exams', 'ui'])
  const queries = useQueryClient()
  const note = useMutation({
    mutationFn: () => familiarise(results),
    onSuccess: onClose,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['exam-results'] })
      void queries.invalidateQueries({ queryKey: ['exam-sets'] })
    },
  })
  const codes = results.slice(0, NAMED).map(({ code }) => code.replaceAll('-', HYPHEN))
  const more = results.length - codes.length
  return (
    <Stack>
      <Text>
        {t('tell-whom', { count: results.length, codes: codes.join(', ') })}
        {more > 0 && ` ${t('tell-more', { count: more })}`}
      </Text>
      <Text>{t('tell-for-good')}</Text>
      {note.error ? <Trouble error={note.error} /> : null}
      <Group>
        <Button loading={note.isPending} onClick={() => note.mutate()} data-autofocus>
          {t('tell-do')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('ui:cancel')}
        </Button>
      </Group>
    </Stack>
  )
}
