#ifndef FILE_EXCHANGE_H
#define FILE_EXCHANGE_H

/// Lets two paths of one file system change places in one step, so that no moment sees either missing.
///
/// Returns 0, or -1 with errno set: EINVAL or ENOSYS where the file system can't.
int file_exchange(const char *left, const char *right);

#endif
