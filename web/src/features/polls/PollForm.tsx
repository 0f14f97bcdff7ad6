import { Alert, Button, Checkbox, Fieldset, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isStale } from '../../api/tagged'
import { Audience } from '../../ui/audience/Audience'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { bodyOf, emptyPoll, endOf, isChoice, linesOf, type PollValues, valuesOf } from './draft'
import { editPoll, loadPoll, type Poll, writePoll } from './polls'
import { Questions } from './Questions'
import { usePlaces } from './usePlaces'

/** What is asked, of whom, until when, and who sees the answers; what was typed stays, whatever happens. */
export function PollForm({ saved }: { saved: Poll | undefined }) {
  const { t } = useTranslation(['polls', 'ui'])
  const { isHead, card } = usePlaces()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [now, setNow] = useState(saved)
  const [isOther, setOther] = useState(false)
  const isFrozen = Boolean(now?.answered)
  const needed = (text: string) => (text.trim() ? null : t('ui:required'))
  const form = useForm<PollValues>({
    initialValues: saved ? valuesOf(saved) : emptyPoll(),
    validate: {
      title: needed,
      questions: {
        text: needed,
        options: (text, { questions }, path) => {
          const { kind } = questions[Number(path.split('.')[1])]!
          return isChoice(kind) && linesOf(text).length < 2 ? t('options-few') : null
        },
      },
    },
  })
  const draft = useDraft(`poll-edit-${saved?.poll_id ?? 'new'}`, form)
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    try {
      const body = isFrozen ? endOf(values) : bodyOf(values)
      const poll = now ? await editPoll(now.poll_id, now.etag, body) : await writePoll(bodyOf(values), key)
      draft.drop()
      queries.setQueryData(['poll', poll.poll_id], poll)
      void queries.invalidateQueries({ queryKey: ['poll', poll.poll_id] })
      void queries.invalidateQueries({ queryKey: ['polls-written'] })
      await navigate({ to: card(poll.poll_id) as never, replace: true })
    } catch (refusal) {
      if (!now || !isStale(refusal)) throw refusal
      setNow(await loadPoll(now.poll_id))
      setOther(true)
    }
  })
  return (
    <Form onSubmit={submit}>
      {isOther && (
        <Alert color="orange" variant="light" role="alert" title={t('stale')}>
          <Text c="dark.9">{t('stale-text', { title: now?.title })}</Text>
        </Alert>
      )}
      {isFrozen && (
        <Alert color="orange" variant="light" title={t('frozen')}>
          <Text c="dark.9">{t('frozen-text')}</Text>
        </Alert>
      )}
      <Fieldset variant="unstyled" disabled={isFrozen}>
        <Stack>
          <TextInput label={t('name')} withAsterisk {...form.getInputProps('title')} />
          <Textarea label={t('intro')} description={t('intro-hint')} {...form.getInputProps('intro')} />
          <Questions form={form} />
        </Stack>
      </Fieldset>
      <Fieldset legend={t('terms')}>
        <Stack>
          <Radio.Group label={t('who-sees')} {...form.getInputProps('anonymous')}>
            <Stack gap="xs" mt="xs">
              <Radio
                value="yes"
                disabled={isFrozen}
                label={t('anonymous-yes')}
                description={t('anonymous-yes-hint')}
              />
              <Radio
                value="no"
                disabled={isFrozen}
                label={t('anonymous-no')}
                description={t('anonymous-no-hint')}
              />
            </Stack>
          </Radio.Group>
          <Checkbox
            label={t('share')}
            description={t('share-hint')}
            disabled={isFrozen}
            {...form.getInputProps('shares_results', { type: 'checkbox' })}
          />
          <TextInput
            type="datetime-local"
            label={t('ends')}
            description={t('ends-hint')}
            {...form.getInputProps('closes_at')}
          />
        </Stack>
      </Fieldset>
      <Audience
        form={form}
        isHead={isHead}
        hint={t(isHead ? 'audience-school' : 'audience-city')}
        frozen={now !== undefined && now.state !== 'draft'}
      />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" loading={busy} w="fit-content">
        {t(now ? 'save' : 'save-draft')}
      </Button>
    </Form>
  )
}
