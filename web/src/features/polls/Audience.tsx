import { Checkbox, Fieldset, Group, Stack, TagsInput, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { PollValues } from './draft'
import { SchoolsField } from './SchoolsField'
import { usePlaces } from './usePlaces'

interface Props {
  form: UseFormReturnType<PollValues>
  /** Who was told of a poll stays its audience. */
  frozen: boolean
}

/** Who is asked; nothing chosen is everybody. */
export function Audience({ form, frozen }: Props) {
  const { t } = useTranslation('polls')
  const { isHead } = usePlaces()
  const hint = frozen ? 'audience-frozen' : isHead ? 'audience-school' : 'audience-city'
  return (
    <Fieldset legend={t('audience')} disabled={frozen}>
      <Stack>
        <Text size="sm">{t(hint)}</Text>
        <Checkbox.Group label={t('categories')} {...form.getInputProps('audience.categories')}>
          <Group mt="xs">
            <Checkbox value="head" label={t('category.head')} disabled={frozen} />
            <Checkbox value="employee" label={t('category.employee')} disabled={frozen} />
          </Group>
        </Checkbox.Group>
        <TagsInput
          label={t('posts')}
          description={t('posts-hint')}
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
      </Stack>
    </Fieldset>
  )
}
