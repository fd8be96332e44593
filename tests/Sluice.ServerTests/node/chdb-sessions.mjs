// A session of the engine for each request, or for all requests that name it.
import { ServerError } from './chdb-errors.mjs';

export class Sessions {
  #open;
  #named = new Map();

  constructor(open) {
    this.#open = open;
  }

  /** The session for a request, and what to call when the request is done. */
  take(user, parameters) {
    const id = parameters.get('session_id');
    if (!id) {
      const session = this.#open();
      return { session, release: () => session.close() };
    }

    const key = JSON.stringify([user, id]);
    const entry = this.#named.get(key) ?? this.#create(key, parameters.get('session_check') === '1', id);
    if (entry.busy) {
      throw new ServerError(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client.`);
    }

    clearTimeout(entry.timer);
    entry.busy = true;
    const seconds = Number(parameters.get('session_timeout') ?? 60);
    const closes = parameters.get('close_session') === '1';
    return { session: entry.session, release: () => this.#release(key, entry, closes ? 0 : seconds) };
  }

  #create(key, mustExist, id) {
    if (mustExist) {
      throw new ServerError(372, 'SESSION_NOT_FOUND', `Session ${id} not found`);
    }

    const entry = { session: this.#open(), busy: false, timer: null };
    this.#named.set(key, entry);
    return entry;
  }

  #release(key, entry, seconds) {
    entry.busy = false;
    const end = () => {
      this.#named.delete(key);
      entry.session.close();
    };
    if (seconds === 0) {
      end();
    } else {
      entry.timer = setTimeout(end, seconds * 1000);
    }
  }
}
