// What every part of the bridge shares: how it exports and how it reports errors.
#pragma once

#include <cstring>
#include <exception>
#include <new>

#define UNIPT_EXPORT extern "C" __attribute__((visibility("default")))

namespace unipt {

enum Status : int { Ok = 0, Failed = 1, OutOfMemory = 2 };

// The message of this thread's last failure, read by unipt_last_error.
void set_last_error(const char* message) noexcept;

// Runs the body; nothing that it throws gets out.
template <typename Body>
int guarded(Body&& body) noexcept {
  try {
    body();
    return Ok;
  } catch (const std::bad_alloc&) {
    set_last_error("out of memory");
    return OutOfMemory;
  } catch (const std::exception& error) {
    set_last_error(error.what());
    const bool memory = std::strstr(error.what(), "not enough memory") || std::strstr(error.what(), "out of memory");
    return memory ? OutOfMemory : Failed;
  } catch (...) {
    set_last_error("unknown native exception");
    return Failed;
  }
}

}  // namespace unipt
