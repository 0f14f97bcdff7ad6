import { Radio, Group, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { FilesField } from '../../ui/files/FilesField'
import type { ContestValues } from './contests'

/** What it is, where and when; moments are Moscow's. */
export function ContestFields({ form }: { form: UseFormReturnType<ContestValues> }) {
  const { t } = useTranslation('content')
  const moment = (name: 'opens_at' | 'closes_at' | 'starts_at' | 'ends_at', label: string) => (
    <TextInput type="datetime-local" label={label} {...form.getInputProps(name)} />
  )
  return (
    <>
      <Radio.Group label={t('contest-kind')} {...form.getInputProps('kind')}>
        <Group mt="xs">
          <Radio value="contest" label={t('contest-kinds.contest')} />
          <Radio value="event" label={t('contest-kinds.event')} />
        </Group>
      </Radio.Group>
      <TextInput label={t('contest-title')} {...form.getInputProps('title')} />
      <Textarea
        label={t('contest-body')}
        description={t('news-body-hint')}
        minRows={6}
        {...form.getInputProps('body')}
      />
      <FilesField
        label={t('contest-files')}
        hint={t('contest-files-hint')}
        {...form.getInputProps('files')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {moment('opens_at', t('opens-at'))}
        {moment('closes_at', t('closes-at'))}
        {moment('starts_at', t('starts-at-optional'))}
        {moment('ends_at', t('ends-at-optional'))}
      </SimpleGrid>
      <TextInput
        label={t('contest-place')}
        description={t('contest-place-hint')}
        {...form.getInputProps('place')}
      />
    </>
  )
}
