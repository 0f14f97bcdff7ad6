import { Checkbox, NumberInput, SimpleGrid, TagsInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import type { ContestValues } from './contests'
import { useWriter } from './useWriter'

interface Props {
  form: UseFormReturnType<ContestValues>
  /** It is out: how many may change, who may not. */
  frozen: boolean
}

/** How many may take part, and on what terms. */
export function ContestRules({ form, frozen }: Props) {
  const { t } = useTranslation('content')
  const { isHead } = useWriter()
  const number = {
    size: 'md',
    min: 1,
    max: 100_000,
    allowDecimal: false,
    allowNegative: false,
    hideControls: true,
  } as const
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <NumberInput
          label={t('capacity')}
          description={t('capacity-hint')}
          {...number}
          {...form.getInputProps('capacity')}
        />
        {!isHead && (
          <NumberInput
            label={t('quota')}
            description={t('quota-hint')}
            {...number}
            {...form.getInputProps('quota')}
          />
        )}
      </SimpleGrid>
      <Checkbox
        label={t('needs-approval')}
        description={t('needs-approval-hint')}
        disabled={frozen}
        {...form.getInputProps('needs_approval', { type: 'checkbox' })}
      />
      <TagsInput
        label={t('subjects')}
        description={t('subjects-hint')}
        disabled={frozen}
        {...form.getInputProps('subjects')}
      />
    </>
  )
}
