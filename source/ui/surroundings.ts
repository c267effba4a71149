import {type AppStore} from './app-store.js';
import {type RunStore} from './run-store.js';
import {type Runner} from './runner.js';
import {type Services} from './services.js';
import {type Terminal} from './terminal.js';

/**
What requests are performed with.
*/
export type Surroundings = {
	readonly services: Services;
	readonly store: AppStore;
	readonly runs: RunStore;
	readonly runner: Runner;
	readonly terminal: Terminal;
};
