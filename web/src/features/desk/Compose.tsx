import { Button, Radio, Group, Select, Text, Textarea, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { identity, unwrap } from '../../api/client'
import { clearSent } from '../../ui/clearSent'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import classes from './Thread.module.css'
import { note, reply } from './tickets'

interface Props {
  number: string
  settle: () => void
}

/** An answer that is mailed, with a template or without, or a note that only the desk sees. */
export function Compose({ number, settle }: Props) {
  const { t } = useTranslation(['desk', 'ui'])
  const form = useForm({
    initialValues: { kind: 'reply', template: '', text: '' },
    validate: {
      text: (text, { kind, template }) =>
        text.trim() || (kind === 'reply' && template) ? null : t('ui:required'),
    },
  })
  const draft = useDraft(`ticket-${number}`, form)
  const { submit, busy, error } = useSubmit(form, async ({ kind, template, text }, key) => {
    await (kind === 'note' ? note(number, text, key) : reply(number, text, template || null, key))
    draft.drop()
    clearSent(form, { template, text })
    settle()
  })
  const isNote = form.values.kind === 'note'
  return (
    <Form onSubmit={submit}>
      <Title order={2} size="h4">
        {t('write')}
      </Title>
      <Radio.Group aria-label={t('write')} {...form.getInputProps('kind')}>
        <Group>
          <Radio value="reply" label={t('write-reply')} />
          <Radio value="note" label={t('write-note')} />
        </Group>
      </Radio.Group>
      {!isNote && <Templates form={form.getInputProps('template')} chosen={form.values.template} />}
      <Textarea
        label={t(isNote ? 'note-text' : form.values.template ? 'reply-more' : 'reply-text')}
        {...form.getInputProps('text')}
      />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" variant="light" loading={busy} w="fit-content">
        {t(isNote ? 'note-save' : 'reply-send')}
      </Button>
    </Form>
  )
}

function Templates({ form, chosen }: { form: object; chosen: string }) {
  const { t } = useTranslation('desk')
  const templates = useQuery({
    queryKey: ['reply-templates', i18next.language],
    queryFn: () => unwrap(identity.GET('/api/identity/support/templates')),
    staleTime: Infinity,
  })
  const text = templates.data?.find(({ code }) => code === chosen)?.text
  const options = templates.data?.map(({ code }) => ({ value: code, label: t(`template.${code}`, code) }))
  return (
    <>
      <Select
        label={t('template.label')}
        description={t('template.hint')}
        clearable
        clearButtonProps={{ 'aria-label': t('template.none') }}
        data={options ?? []}
        {...form}
        value={chosen || null}
      />
      {text && (
        <Text className={`${classes.line} ${classes.text}`} data-kind="desk">
          {text}
        </Text>
      )}
    </>
  )
}
