import type { ZipFile } from 'yauzl';
import { ArchiveRefusal } from '../../archive/archiveRefusal.ts';
import { bufferSource } from '../../archive/byteSource.ts';
import { maxUnzippedBytes, walkZip as walkArchive, type ZipItem } from '../../archive/zipEntries.ts';
import { invalidParameter, ServiceFailure } from '../http/wire.ts';

const maxEntries = 65_535;

/**
 * Walks a package and refuses hostile ones before anything is written, in the service's words: names that lead out,
 * encryption, two entries of one name, more than 250 MB or 65,535 entries.
 * @throws ServiceFailure InvalidParameterValueException
 */
export async function walkZip(zip: Buffer, visit: (item: ZipItem, file: ZipFile) => Promise<void>): Promise<void> {
  try {
    await walkArchive(bufferSource(zip), { maxUnzippedBytes, maxEntries, sameNames: 'refused' }, visit);
  } catch (error) {
    if (error instanceof ArchiveRefusal) throw failureOf(error);
    // What is left are errors of unpacking an entry, or of the disk that it is written to.
    throw error instanceof ServiceFailure || isOwnDiskTrouble(error) ? error : notAZip();
  }
}

export function leadsOut(path: string): ServiceFailure {
  return invalidParameter(
    `The zip holds a symbolic link that leads out of the package or to nothing: ${JSON.stringify(path)}`,
  );
}

function failureOf({ reason, path = '' }: ArchiveRefusal): ServiceFailure {
  switch (reason) {
    case 'notAZip':
      return notAZip();
    case 'empty':
      return invalidParameter('Uploaded file must be a non-empty zip');
    case 'tooManyEntries':
      return invalidParameter(`The zip has more than ${maxEntries} entries.`);
    case 'tooLarge':
    case 'bomb':
      return invalidParameter(`Unzipped size must be smaller than ${maxUnzippedBytes} bytes`);
    case 'badName':
      return invalidParameter('The zip holds an entry whose name is absolute or leads out of the package.');
    case 'backslash':
      return invalidParameter(
        "The names in the zip are written with backslashes (as PowerShell's Compress-Archive of old did), which are no folders on Linux. Pack it again with zip, tar -a, 7-Zip or PowerShell 7.",
      );
    case 'sameName':
      return invalidParameter('The zip holds two entries of the same name.');
    case 'encrypted':
      return invalidParameter('The zip holds an encrypted entry.');
    case 'linkOut':
      return leadsOut(path);
  }
}

function notAZip(): ServiceFailure {
  return invalidParameter('Could not unzip uploaded file. Please check your file, then try to upload again.');
}

/** A full or read-only disk is not the archive's fault. */
function isOwnDiskTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EROFS' || code === 'EACCES' || code === 'EMFILE' || code === 'EIO';
}
