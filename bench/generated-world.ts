import {type World} from '../source/core/world.js';
import {idAt} from '../source/store/id-at.js';
import {type Chance} from './generated-text.js';

/**
Milliseconds since the Unix epoch, with fractions.
*/
export type Clock = {now: number};

/**
A clock that stands three years before the end of what is made, and how far it goes for each of `total` responses.
*/
export function spread(total: number): {clock: Clock; stepMs: number} {
	return {
		clock: {now: Date.UTC(2023, 10, 1)},
		stepMs: (3 * 365 * 86_400_000) / total,
	};
}

/**
A world whose clock is moved by others, and whose ids grow; nobody is woken before the end.
*/
export function generatedWorld(clock: Clock, chance: Chance): World {
	let made = 0;

	return {
		now: () => Math.floor(clock.now),
		newId: () =>
			idAt(Math.floor(clock.now)) +
			idAt(made++) +
			idAt(chance.below(2 ** 30)).slice(4),
		async sleep(_delayMs, signal) {
			await new Promise<void>(resolve => {
				signal.addEventListener('abort', () => {
					resolve();
				});
			});
		},
		random: chance.random,
	};
}
