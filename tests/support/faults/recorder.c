/* Loaded before the C library, this writes down in order what a process does to the files below one folder:
   every write with its bytes, every truncation, every rename and removal, and every sync once it is done.
   From that record the state of the disk after a loss of power can be put together for any instant. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;
static char folder[4096];

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("RECORD_FOLDER"), *to = getenv("RECORD_TO");
    if (where == NULL || to == NULL) return;
    snprintf(folder, sizeof folder, "%s/", where);
    journal = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int ours(const char *path) {
    size_t length = strlen(folder);
    return journal >= 0 && (strncmp(path, folder, length) == 0 || strncmp(path, folder, length - 1) == 0);
}

static int name_of(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = journal < 0 ? -1 : readlink(link, path, 4095);
    path[length < 0 ? 0 : length] = 0;
    return length > 0 && ours(path);
}

static void note(char what, const char *path, int64_t offset, const void *bytes, uint32_t size) {
    uint32_t head[4] = {(uint32_t)what, (uint32_t)strlen(path), size, 0};
    struct iovec parts[4] = {{head, sizeof head}, {&offset, 8}, {(void *)path, head[1]}, {(void *)bytes, size}};
    if (syscall(SYS_writev, journal, parts, 4) < 0) abort();
}

#define IN_TURN(type, action, condition, record)        \
    pthread_mutex_lock(&turn);                          \
    type done = (action);                               \
    if (condition) record;                              \
    pthread_mutex_unlock(&turn);                        \
    return done;

ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
    char path[4096];
    if (!name_of(file, path)) return REAL(pwrite)(file, bytes, size, offset);
    IN_TURN(ssize_t, REAL(pwrite)(file, bytes, size, offset), done > 0, note('w', path, offset, bytes, done))
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) {
    return pwrite(file, bytes, size, offset);
}

ssize_t write(int file, const void *bytes, size_t size) {
    char path[4096];
    if (!name_of(file, path)) return syscall(SYS_write, file, bytes, size);
    IN_TURN(ssize_t, syscall(SYS_write, file, bytes, size), done > 0,
            note('w', path, lseek(file, 0, SEEK_CUR) - done, bytes, done))
}

int ftruncate(int file, off_t size) {
    char path[4096];
    if (!name_of(file, path)) return REAL(ftruncate)(file, size);
    IN_TURN(int, REAL(ftruncate)(file, size), done == 0, note('t', path, size, "", 0))
}

int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }

int fsync(int file) {
    char path[4096];
    if (!name_of(file, path)) return REAL(fsync)(file);
    IN_TURN(int, REAL(fsync)(file), done == 0, note('s', path, 0, "", 0))
}

int fdatasync(int file) {
    char path[4096];
    if (!name_of(file, path)) return REAL(fdatasync)(file);
    IN_TURN(int, REAL(fdatasync)(file), done == 0, note('s', path, 0, "", 0))
}

int rename(const char *from, const char *to) {
    if (!ours(from)) return REAL(rename)(from, to);
    IN_TURN(int, REAL(rename)(from, to), done == 0, note('r', from, 0, to, strlen(to)))
}

int unlink(const char *path) {
    if (!ours(path)) return REAL(unlink)(path);
    IN_TURN(int, REAL(unlink)(path), done == 0, note('u', path, 0, "", 0))
}
