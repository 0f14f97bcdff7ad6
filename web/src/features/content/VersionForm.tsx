import { Button, Checkbox, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { today } from '../../ui/dates'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { type Card, draftVersion, type VersionValues } from './documents'
import { FileField } from '../../ui/files/FileField'

interface Props {
  card: Card
  done: () => Promise<void>
}

/** The next version of a document: its file, when it is in force, whether people must acknowledge it. */
export function VersionForm({ card, done }: Props) {
  const { t } = useTranslation(['content', 'ui'])
  const form = useForm<VersionValues>({
    initialValues: {
      file_id: null,
      in_force_from: today(),
      in_force_to: '',
      is_material: true,
      is_mandatory: false,
      acknowledge_by: '',
      note: '',
    },
    validate: {
      file_id: (file) => (file ? null : t('file-needed')),
      in_force_from: (value) => (value ? null : t('ui:required')),
      acknowledge_by: (value, { is_mandatory }) => (value || !is_mandatory ? null : t('ui:required')),
    },
  })
  const draft = useDraft(`version-${card.document_id}`, form)
  const { submit, busy, error } = useSubmit(form, async (values) => {
    await draftVersion(card.document_id, card.etag, values)
    form.reset()
    draft.drop()
    await done()
  })
  return (
    <Form onSubmit={submit}>
      <FileField label={t('file')} hint={t('file-hint')} {...form.getInputProps('file_id')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput type="date" label={t('in-force-from')} {...form.getInputProps('in_force_from')} />
        <TextInput
          type="date"
          label={t('in-force-to')}
          description={t('in-force-to-hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          {...form.getInputProps('in_force_to')}
        />
      </SimpleGrid>
      <Checkbox label={t('mandatory')} {...form.getInputProps('is_mandatory', { type: 'checkbox' })} />
      {form.values.is_mandatory && (
        <TextInput
          type="date"
          label={t('acknowledge-by')}
          description={t('acknowledge-by-hint')}
          {...form.getInputProps('acknowledge_by')}
        />
      )}
      {card.current_no !== null && (
        <>
          <Checkbox
            label={t('material')}
            description={t('material-hint')}
            {...form.getInputProps('is_material', { type: 'checkbox' })}
          />
          <Textarea label={t('version-note')} {...form.getInputProps('note')} />
        </>
      )}
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" variant="light" loading={busy} w="fit-content">
        {t('version-save')}
      </Button>
    </Form>
  )
}
