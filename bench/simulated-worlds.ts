import {type Kind, type SimulatedWorld} from './simulated-questions.js';

const usual: Omit<Kind, 'slot' | 'model' | 'skill'> = {
	boast: 0.5,
	conformity: 0.5,
	prices: [0.5, 2],
};

const different = (
	count: number,
	skill: number,
	{prefix = 'm', ...overrides}: Partial<Kind> & {readonly prefix?: string} = {},
): Kind[] =>
	Array.from({length: count}, (_, index) => ({
		...usual,
		slot: `${prefix}${index + 1}`,
		model: `sim/${prefix}${index + 1}`,
		skill,
		...overrides,
	}));

/**
The first three members in a tier of their own.
*/
const threeFirst = (kinds: readonly Kind[]) => [
	kinds.slice(0, 3).map(({slot}) => slot),
	kinds.slice(3).map(({slot}) => slot),
];

function worldOf(
	name: string,
	kinds: readonly Kind[],
	overrides: Partial<SimulatedWorld> = {},
): SimulatedWorld {
	return {
		name,
		kinds,
		options: 5,
		between: 0.2,
		within: 0.7,
		attraction: 0.4,
		discernment: 1.2,
		isProse: false,
		stragglers: 0,
		failures: 0,
		tiers: threeFirst(kinds),
		...overrides,
	};
}

/**
The worlds in which strategies are compared.
*/
export const simulatedWorlds: readonly SimulatedWorld[] = [
	worldOf('equal', different(7, 0.5), {between: 0.1}),
	worldOf('prose', different(7, 0.5), {between: 0.1, isProse: true}),
	worldOf('copies', different(5, 0.6, {model: 'sim/one'})),
	worldOf('expert', [
		...different(1, 0.9, {prefix: 'expert', prices: [5, 20]}),
		...different(4, 0.5),
	]),
	worldOf('boaster', [
		...different(4, 0.65),
		...different(1, 0.2, {prefix: 'boaster', boast: 4, conformity: 0}),
	]),
	worldOf('tiers', [
		...different(3, 0.65, {prefix: 'cheap', prices: [0.15, 0.6]}),
		...different(2, 0.85, {prefix: 'dear', prices: [5, 20]}),
	]),
	worldOf('slow', different(6, 0.65), {stragglers: 0.12, failures: 0.08}),
	worldOf('hard', different(6, 0.3), {between: 0.4, attraction: 0.7}),
];
