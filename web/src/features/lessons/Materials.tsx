import { Button, FileButton, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { idempotencyKey } from '../../api/client'
import { download } from '../../api/download'
import type { components } from '../../api/generated/cabinet'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { FILES, KINDS } from '../../ui/files/kept'
import { UploadProgress } from '../../ui/UploadProgress'
import { useSubmit } from '../../ui/useSubmit'
import { useUpload } from '../../ui/useUpload'
import { addMaterial, fileOf, keyOf, type Lesson, type Material, removeMaterial } from './lessons'
import classes from './Lessons.module.css'
import { Remove } from './Remove'
import { sizeOf } from '../../ui/sizes'

/** What the lesson is taught with: files and links. Pupils see all of it. */
export function Materials({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const mayAdd = lesson.is_own && lesson.state !== 'cancelled'
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h4">
        {t('materials')}
      </Title>
      {lesson.materials.length === 0 && <Text c="dimmed">{t('materials-none')}</Text>}
      {lesson.materials.map((one) => (
        <Item key={one.material_id} lesson={lesson} material={one} mayRemove={mayAdd} />
      ))}
      {mayAdd && <Add lesson={lesson} />}
    </Stack>
  )
}

function Item({ lesson, material, mayRemove }: { lesson: Lesson; material: Material; mayRemove: boolean }) {
  const { t } = useTranslation('lessons')
  const queries = useQueryClient()
  const { material_id, title, url, size } = material
  const save = useMutation({ mutationFn: () => download(fileOf(lesson.lesson_id, material_id), title) })
  return (
    <>
      <div className={classes.row}>
        {url ? (
          <a href={url} target="_blank" rel="noopener noreferrer">
            {title}
          </a>
        ) : (
          <Text>
            {title}
            <Text span c="dimmed">
              {' '}
              · {sizeOf(size ?? 0)}
            </Text>
          </Text>
        )}
        <Group gap="xs">
          {!url && (
            <Button
              variant="subtle"
              aria-label={t('save-file', { name: title })}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {t('download')}
            </Button>
          )}
          {mayRemove && (
            <Remove
              name={title}
              text={t('remove-material')}
              act={() => removeMaterial(lesson.lesson_id, material_id)}
              done={() => queries.invalidateQueries({ queryKey: keyOf(lesson.lesson_id) })}
            />
          )}
        </Group>
      </div>
      {save.error && <Trouble error={save.error} />}
    </>
  )
}

function Add({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation('lessons')
  const [isLink, setLink] = useState(false)
  const file = useMaterial(lesson.lesson_id)
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <FileButton
          accept={KINDS}
          inputProps={{ 'aria-label': t('add-file') }}
          onChange={(chosen) => chosen && file.take(chosen)}
        >
          {(props) => (
            <Button {...props} variant="default" disabled={file.share !== null}>
              {t('add-file')}
            </Button>
          )}
        </FileButton>
        <Button variant="default" aria-expanded={isLink} onClick={() => setLink(!isLink)}>
          {t('add-link')}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {t('add-file-hint')}
      </Text>
      <UploadProgress of={file} />
      {file.error ? <Trouble error={file.error} /> : null}
      {isLink && <AddLink lesson={lesson} done={() => setLink(false)} />}
    </Stack>
  )
}

/** A file is sent, then it belongs to the lesson. */
function useMaterial(lesson_id: string) {
  const queries = useQueryClient()
  const sending = useUpload()
  const { mutate, error } = useMutation({
    mutationFn: async (file: File) => {
      const kept = await sending.send<components['schemas']['FileOut']>({ path: FILES, file })
      return kept && addMaterial(lesson_id, { file_id: kept.file_id }, idempotencyKey())
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: keyOf(lesson_id) }),
  })
  return { ...sending, take: mutate, error }
}

function AddLink({ lesson, done }: { lesson: Lesson; done: () => void }) {
  const { t } = useTranslation(['lessons', 'ui'])
  const queries = useQueryClient()
  const form = useForm({
    initialValues: { url: '', title: '' },
    validate: { url: (value) => (value.trim() ? null : t('ui:required')) },
  })
  const { submit, busy, error } = useSubmit(form, async ({ url, title }, key) => {
    await addMaterial(lesson.lesson_id, { url: url.trim(), title: title.trim() || null }, key)
    await queries.invalidateQueries({ queryKey: keyOf(lesson.lesson_id) })
    done()
  })
  return (
    <Form onSubmit={submit}>
      <TextInput
        label={t('link')}
        type="url"
        inputMode="url"
        autoComplete="off"
        withAsterisk
        {...form.getInputProps('url')}
      />
      <TextInput label={t('link-title')} {...form.getInputProps('title')} />
      {error ? <Trouble error={error} /> : null}
      <Button type="submit" variant="light" loading={busy} w="fit-content">
        {t('add')}
      </Button>
    </Form>
  )
}
