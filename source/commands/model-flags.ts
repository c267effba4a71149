import {type Arbiter, type Member} from '../core/consortium.js';
import {efforts, type ModelOptions} from '../core/model.js';
import {membersOf, parseArbiterSpecs} from '../core/model-spec.js';
import {numberOf} from '../core/typed-values.js';
import {UserError} from '../core/user-error.js';
import {choiceOf} from './flag-values.js';

/**
What was given with the flags that name models and set their options.
*/
type ModelFlags = {
	readonly model: readonly string[];
	readonly count: string | undefined;
	readonly arbiter: string | undefined;
	readonly temperature: string | undefined;
	readonly maxTokens: string | undefined;
	readonly effort: string | undefined;
};

/**
Members named with `--model`, else those of `base`. Sampling flags go to each of them: over what was saved, under what a spec of this call says.

@throws UserError for a spec or a value that is not allowed.
*/
export function membersFrom(
	flags: ModelFlags,
	base: readonly Member[],
): Member[] {
	const sampling = samplingFrom(flags);

	if (flags.model.length === 0) {
		if (flags.count !== undefined) {
			throw new UserError(
				'--count needs --model: it is the count of members given without one.',
				'For example: -m gpt-6-luna -n 3',
			);
		}

		return base.map(member =>
			withOptions(member, {...member.options, ...sampling}),
		);
	}

	const count =
		flags.count === undefined
			? 1
			: numberOf(flags.count, {
					what: '--count',
					from: 1,
					to: 64,
					isWhole: true,
				});
	const members = membersOf(flags.model, count);

	return members.map(member =>
		withOptions(member, {...sampling, ...member.options}),
	);
}

function withOptions(member: Member, options: ModelOptions): Member {
	return Object.keys(options).length === 0 ? member : {...member, options};
}

function samplingFrom({
	temperature,
	maxTokens,
	effort,
}: ModelFlags): ModelOptions {
	return {
		...(temperature !== undefined && {
			temperature: numberOf(temperature, {
				what: '--temperature',
				from: 0,
				to: 2,
			}),
		}),
		...(maxTokens !== undefined && {
			maxTokens: numberOf(maxTokens, {
				what: '--max-tokens',
				from: 1,
				to: Infinity,
				isWhole: true,
			}),
		}),
		...(effort !== undefined && {
			effort: choiceOf(effort, '--effort', efforts),
		}),
	};
}

/**
The arbiters named with `--arbiter`, else those of `base`.

@throws UserError for a spec that is not allowed.
*/
export function arbitersFrom(
	{arbiter}: Pick<ModelFlags, 'arbiter'>,
	base: readonly Arbiter[],
): readonly Arbiter[] {
	return arbiter === undefined ? base : parseArbiterSpecs(arbiter);
}
