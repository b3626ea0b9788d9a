/** Heartbeats come when a test says so: a head that is compared stays what it is. */
import { vi } from "vitest";

vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
