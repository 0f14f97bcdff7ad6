/** A file that is up, whether anything is made of it yet or not; `size` in bytes. */
export interface Kept {
  file_id: string
  name: string
  size: number
}

/** Where files go up, before what they belong to is sent. */
export const FILES = '/api/cabinet/files'

/** What is taken there. */
export const KINDS = '.pdf,.docx,.xlsx,.pptx,.odt,.png,.jpg,.jpeg,.txt'
