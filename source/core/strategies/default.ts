import {defineStrategy} from '../strategy.js';

/**
Nothing beside the loop itself.
*/
export const defaultStrategy = defineStrategy({
	name: 'default',
	meaning:
		'Every instance answers; while the verdict does not satisfy the stop policy, everyone gets the feedback and answers again.',
	parameters: {},
	decides: [],
});
