import { Checkbox, Fieldset, Group, Stack, TagsInput, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { type AudienceValues, usePosts } from './audience'
import { SchoolsField } from './SchoolsField'

interface Props<Values extends { audience: AudienceValues }> {
  form: UseFormReturnType<Values>
  /** A head writes for the own school alone. */
  isHead: boolean
  hint: string
  /** What is out keeps its audience. */
  frozen?: boolean
}

/** Whom something is for; nothing chosen is everybody. */
export function Audience<Values extends { audience: AudienceValues }>(props: Props<Values>) {
  const { t } = useTranslation('audience')
  const { form, isHead, hint, frozen = false } = props
  const posts = usePosts(isHead)
  return (
    <Fieldset legend={t('audience')} disabled={frozen}>
      <Stack gap="md">
        <Text size="sm">{frozen ? t('audience-frozen') : hint}</Text>
        <Checkbox.Group label={t('categories')} {...form.getInputProps('audience.categories')}>
          <Group mt="xs">
            <Checkbox value="head" label={t('category.head')} />
            <Checkbox value="employee" label={t('category.employee')} />
          </Group>
        </Checkbox.Group>
        <TagsInput
          label={t('posts')}
          description={t('posts-hint')}
          data={posts}
          {...form.getInputProps('audience.posts')}
        />
        {!isHead && (
          <>
            <TagsInput
              label={t('districts')}
              description={t('districts-hint')}
              {...form.getInputProps('audience.districts')}
            />
            <SchoolsField {...form.getInputProps('audience.school_ids')} />
          </>
        )}
        {form.errors.audience && (
          <Text c="red.9" role="alert">
            {form.errors.audience}
          </Text>
        )}
      </Stack>
    </Fieldset>
  )
}
