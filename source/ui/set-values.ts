import {
	judgingMethods,
	memoryModes,
	stopPolicies,
	type SavedConsortium,
} from '../core/consortium.js';
import {efforts} from '../core/model.js';
import {specOf} from '../core/model-spec.js';
import {strategies} from '../core/strategies/known.js';
import {textOfValue} from '../core/typed-values.js';
import {shareText} from '../text/phrases.js';
import {type SlashValue} from './composer/completion.js';
import {nestableNames} from './nestable-names.js';
import {oneLine} from './overlays/rows.js';
import {type Choice} from './services.js';

/**
What can be set of a consortium, by the names of its flags, with what it is now; and the values, where only some are allowed.
*/
export function setValues(
	consortium: SavedConsortium,
	choices: readonly Choice[],
): SlashValue[] {
	const nestable = nestableNames(consortium.name, choices);

	return optionsOf(consortium, nestable).flatMap(({name, now, values = []}) => [
		{value: `${name}=`, title: `now ${oneLine(now)}`},
		...values.map(value => ({
			value: `${name}=${value}`,
			title: value === now ? 'as it is now' : '',
		})),
	]);
}

/**
Each parameter of a strategy that the consortium has.
*/
function parametersOf({
	name: owner,
	params,
}: SavedConsortium['strategies'][number]): Option[] {
	const kind = strategies.find(({name}) => name === owner);

	return (kind?.parameters ?? []).map(({name, default: normal, form}) => ({
		name: `strategy-param=${owner}.${name}`,
		now: `${JSON.stringify(params[name] ?? normal)}; ${form}`,
	}));
}

/**
The roles that are given out among the members.
*/
function rolesIn({
	strategies: named,
}: Pick<SavedConsortium, 'strategies'>): string[] {
	const roles = named.find(({name}) => name === 'role')?.params['roles'];
	return [roles].flat().filter(role => typeof role === 'string');
}

type Option = {
	readonly name: string;
	readonly now: string;
	readonly values?: readonly string[];
};

function optionsOf(
	{members, arbiters, limits, ...consortium}: SavedConsortium,
	nestable: readonly string[],
): readonly Option[] {
	const ofMembers = (key: string) => {
		const texts = new Set(
			members.map(({options}) => {
				const value = options?.[key];
				return value === undefined ? 'not set' : textOfValue(value);
			}),
		);
		return [...texts].join(', ') || 'not set';
	};

	return [
		{
			name: 'confidence-threshold',
			now: shareText(consortium.confidenceThreshold),
		},
		{name: 'max-iterations', now: String(consortium.maxIterations)},
		{name: 'min-iterations', now: String(consortium.minIterations)},
		{name: 'stop', now: consortium.stop, values: stopPolicies},
		{name: 'memory', now: consortium.memory, values: memoryModes},
		{
			name: 'until',
			now: consortium.until.join(', ') || 'none',
			values: ['none'],
		},
		{name: 'judging', now: consortium.judging, values: judgingMethods},
		{
			name: 'strategy',
			now: consortium.strategies.map(({name}) => name).join(','),
			// Roles are given out by setting them.
			values: strategies
				.map(({name}) => name)
				.filter(name => name !== 'role' || rolesIn(consortium).length > 0),
		},
		...consortium.strategies.flatMap(each => parametersOf(each)),
		{name: 'role', now: rolesIn(consortium).join(', ') || 'none'},
		{name: 'system', now: consortium.system ?? 'the built-in one'},
		{
			name: 'budget',
			now: limits.budgetUsd === null ? 'none' : `$${limits.budgetUsd}`,
			values: ['none'],
		},
		{name: 'timeout', now: `${limits.timeoutSeconds} s`},
		{name: 'temperature', now: ofMembers('temperature')},
		{name: 'max-tokens', now: ofMembers('maxTokens')},
		{name: 'effort', now: ofMembers('effort'), values: efforts},
		{
			name: 'model',
			now: members.map(member => specOf(member)).join(' ') || 'none yet',
			values: nestable,
		},
		{
			name: 'arbiter',
			now:
				arbiters.map(arbiter => specOf(arbiter)).join(' ') || 'chosen at run',
			values: nestable,
		},
	];
}
