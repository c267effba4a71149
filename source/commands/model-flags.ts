import {type Arbiter, type Member} from '../core/consortium.js';
import {efforts, type ModelOptions} from '../core/model.js';
import {membersOf, parseModelSpec} from '../core/model-spec.js';
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

@throws UserError for a spec or a value that is not allowed, and for a consortium as a member.
*/
export function membersFrom(
	flags: ModelFlags,
	base: readonly Member[],
	known: readonly string[],
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

	for (const {model} of members) {
		assertNotNested(model, known, '--model');
	}

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
The arbiter named with `--arbiter`, else those of `base`.

@throws UserError for a spec that is not allowed, and for a consortium as an arbiter.
*/
export function arbitersFrom(
	{arbiter}: Pick<ModelFlags, 'arbiter'>,
	base: readonly Arbiter[],
	known: readonly string[],
): readonly Arbiter[] {
	if (arbiter === undefined) {
		return base;
	}

	const {model, count, options} = parseModelSpec(arbiter);
	assertNotNested(model, known, '--arbiter');

	if (count > 1) {
		throw new UserError(
			`--arbiter takes one model, not ${count} of ${model}: several arbiters are not in this version yet.`,
			`For example: --arbiter ${model}`,
		);
	}

	return [{model, ...(Object.keys(options).length > 0 && {options})}];
}

function assertNotNested(
	model: string,
	known: readonly string[],
	flag: string,
): void {
	if (known.includes(model)) {
		throw new UserError(
			`${flag} "${model}" is a saved consortium; consortiums inside a consortium are not in this version yet.`,
			`To start from it: -C ${model}. A model of that name: PROVIDER/${model}`,
		);
	}
}
