import { Button, NumberInput, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { moment } from '../../ui/dates'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { type Card, enter, NOTHING } from './contests'

/** The entry, all of whose fields are optional; or why there can be none now. */
export function Enter({ card }: { card: Card }) {
  const { t } = useTranslation('contests')
  if (card.state === 'cancelled' || card.refusal === 'entry-rejected') return null
  if (card.refusal) {
    return <Text role="status">{t(`refusal.${card.refusal}`, { at: moment(card.opens_at) })}</Text>
  }
  return <EntryForm card={card} />
}

function EntryForm({ card }: { card: Card }) {
  const { t } = useTranslation('contests')
  const queries = useQueryClient()
  const form = useForm({ initialValues: NOTHING })
  const draft = useDraft(`contest-${card.contest_id}`, form)
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    await enter(card.contest_id, values, key)
    draft.drop()
    await queries.invalidateQueries({ queryKey: ['contests'] })
    document.querySelector('h1')?.focus()
  })
  const willWait = card.places_left === 0 || card.school_left === 0
  return (
    <section aria-labelledby="enter">
      <Title order={2} size="h4" id="enter" mb="sm">
        {t('enter-title')}
      </Title>
      <Form onSubmit={submit}>
        <Text>{t(willWait ? 'enter-waiting' : card.needs_approval ? 'enter-approval' : 'enter-text')}</Text>
        <Stack gap="md">
          <TextInput label={t('team')} description={t('team-hint')} {...form.getInputProps('team')} />
          <NumberInput
            size="md"
            label={t('pupils')}
            description={t('pupils-hint')}
            min={0}
            max={10_000}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            w={{ base: '100%', xs: 240 }}
            {...form.getInputProps('pupils')}
          />
          <Textarea label={t('text')} description={t('text-hint')} {...form.getInputProps('text')} />
        </Stack>
        {error ? <Trouble error={error} /> : null}
        <Button type="submit" loading={busy} w="fit-content">
          {t(willWait ? 'enter-wait' : 'enter')}
        </Button>
      </Form>
    </section>
  )
}
