import {consortiumDefaults, type SavedConsortium} from '../core/consortium.js';

/**
The built-in consortium of simulated models.
*/
export const demo: SavedConsortium = {
	...consortiumDefaults,
	name: 'demo',
	members: ['optimist', 'skeptic', 'careful'].map(slot => ({
		slot,
		model: `demo/${slot}`,
		count: 1,
	})),
	arbiters: [{model: 'demo/arbiter'}],
};
