/** No frame: blanks between columns and one rule below the head. */
export const bare = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  // Also drawn in the rule above a row that spans columns.
  'bottom-mid': '─',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '─',
  'mid-mid': '─',
  right: '',
  'right-mid': '',
  middle: ' ',
};

/** Between columns: one blank of padding and one in place of the frame (cli-table3 counts frames as one column wide). */
export const gap = 2;
