import {closest} from '../core/closest.js';
import {type AppState, type Step} from './app-state.js';
import {aboutAnswer} from './about-answer.js';
import {commands, type CommandId} from './commands.js';
import {prepended} from './composer/composer.js';
import {helpSections, keysOfCommands} from './keymap.js';
import {
	conversationStep,
	type ConversationCommand,
	usdIn,
} from './conversation-step.js';
import {confirmOf} from './overlays/confirm.js';
import {costsOf} from './overlays/costs.js';
import {helpOf} from './overlays/help.js';
import {keyEntryOf} from './overlays/key-entry.js';
import {type Overlay} from './overlays/overlay.js';
import {paletteOf} from './overlays/palette.js';
import {reviewOf, wishIn} from './overlays/review.js';
import {switcherOf} from './overlays/switcher.js';
import {type Request} from './requests.js';
import {type Settings} from './services.js';
import {edited} from './edit-step.js';
import {themeNames} from './theme.js';
import {told} from './told.js';

/**
Do what a command says, or ask the outside for it.
*/
export function commandStep(
	state: AppState,
	id: CommandId,
	argument = '',
): Step {
	const ask = (...requests: Request[]): Step => ({state, requests});
	const open = (overlay: Overlay, ...requests: Request[]): Step => ({
		state: {...state, overlays: [...state.overlays, overlay]},
		requests,
	});

	switch (id) {
		case 'help': {
			return open(helpOf(helpSections()));
		}

		case 'palette': {
			return open(
				paletteOf(
					commands.filter(command => command.id !== 'palette'),
					keysOfCommands(),
				),
			);
		}

		case 'cost':
		case 'runs': {
			return open(costsOf(), {type: 'load', what: {kind: 'spending'}});
		}

		case 'review': {
			return reviewed(state, argument);
		}

		case 'key': {
			return /^[a-z\d-]{0,30}$/.test(argument)
				? open(keyEntryOf(argument || null), {
						type: 'load',
						what: {kind: 'keys'},
					})
				: told(
						state,
						'The key itself is typed in a field of its own, where nobody sees it: /key PROVIDER',
					);
		}

		case 'switch': {
			return argument === ''
				? open(switcherOf(state.choices, state.choice), {
						type: 'load',
						what: {kind: 'consortiums'},
					})
				: switchTo(state, argument);
		}

		case 'save':
		case 'edit': {
			return edited(state, id === 'save' ? argument : '');
		}

		case 'set': {
			return changedBy(state, argument);
		}

		case 'budget': {
			return budgeted(state, argument);
		}

		case 'retry': {
			return retried(state, argument);
		}

		case 'good':
		case 'bad': {
			return hasResult(state)
				? ask({type: 'rate', score: id === 'good' ? 1 : 0})
				: told(state, 'There is no answer yet to be marked.');
		}

		case 'copy':
		case 'dissent':
		case 'raw': {
			return aboutAnswer(state, id);
		}

		case 'export': {
			return argument === ''
				? told(state, 'Name the file, such as /export chat.md')
				: ask({type: 'export', file: argument});
		}

		case 'theme':
		case 'bell': {
			return withSetting(state, id, argument);
		}

		case 'recall': {
			return recalled(state);
		}

		case 'cancel': {
			return state.running
				? ask({type: 'cancel'})
				: told(state, 'No run is going on.');
		}

		case 'answer-now':
		case 'judge-again':
		case 'edit-draft':
		case 'redraw':
		case 'suspend': {
			return ask({type: id});
		}

		case 'leave': {
			return state.running
				? open(
						confirmOf(
							'A run is going on. Cancel it and leave? What was received is in the log.',
							{type: 'leave'},
						),
					)
				: ask({type: 'leave'});
		}

		default: {
			return conversationStep(
				state,
				id satisfies ConversationCommand,
				argument,
			);
		}
	}
}

/**
Open the review list, at an answer or with a decision on it; or take the last decision back.
*/
function reviewed(state: AppState, argument: string): Step {
	if (argument === 'undo') {
		return {state, requests: [{type: 'undo-decision', id: null}]};
	}

	const wish = wishIn(argument);

	return wish === undefined
		? told(
				state,
				'Say /review, /review NUMBER, /review NUMBER accept N, /review NUMBER none, or /review undo.',
			)
		: {
				state: {...state, overlays: [...state.overlays, reviewOf(wish)]},
				requests: [{type: 'load', what: {kind: 'doubts', after: null}}],
			};
}

/**
The step of a line that begins with a slash; null when no command has that name.
*/
export function slashStep(state: AppState, text: string): Step | null {
	const [name, ...rest] = text.slice(1).split(/\s/);
	const argument = rest.join(' ');
	const command = commands.find(({slash}) => slash === name);
	return command ? commandStep(state, command.id, argument.trim()) : null;
}

/**
What to say of a slash command that does not exist.
*/
export function unknownCommand(text: string): string {
	const [name] = text.slice(1).split(/\s/, 1);

	const all = commands.flatMap(({slash}) => slash ?? []);
	return `There is no command /${name!}. Type / for all of them.${closest(name!, all)}`;
}

const hasResult = ({turns}: AppState) =>
	turns.at(-1)?.result?.answer !== null && turns.length > 0;

function switchTo(state: AppState, name: string): Step {
	const choice = state.choices.find(each => each.consortium.name === name);

	return choice
		? {state, requests: [{type: 'switch', choice}]}
		: told(
				state,
				`There is no consortium called "${name}".${closest(
					name,
					state.choices.map(({consortium}) => consortium.name),
				)}`,
			);
}

function changedBy(state: AppState, argument: string): Step {
	const [, key, value] = /^([\w-]+)[\s=]+(?=[^\s=])(.+)$/s.exec(argument) ?? [];

	return key !== undefined && value !== undefined
		? {state, requests: [{type: 'set', key, value}]}
		: told(
				state,
				'Say what to change, such as /set confidence-threshold=90% or /set max-iterations=5.',
			);
}

/**
Limit what a run may cost, or all runs of a day.
*/
function budgeted(state: AppState, argument: string): Step {
	const words = argument.split(/\s+/);
	const isOfDay = words[0] === 'day';
	const value = words.slice(isOfDay ? 1 : 0).join(' ');

	if (!isOfDay && value !== '') {
		return {state, requests: [{type: 'set', key: 'budget', value}]};
	}

	const dailyLimitUsd = value === 'none' ? null : usdIn(value);

	return !isOfDay || Number.isNaN(dailyLimitUsd)
		? told(
				state,
				'Say how much, in US dollars: /budget 0.5 for each run, /budget day 5 for all runs of a day, or none.',
			)
		: withSettings(
				told(
					state,
					dailyLimitUsd === null
						? 'There is no daily limit now.'
						: `All runs of a day may cost $${dailyLimitUsd} together.`,
					'plain',
				).state,
				{dailyLimitUsd},
			);
}

function withSettings(state: AppState, changes: Partial<Settings>): Step {
	const settings = {...state.settings, ...changes};
	return {
		state: {...state, settings},
		requests: [{type: 'settings', settings}],
	};
}

/**
Ask an instance again by its number; without one, all that gave no answer.
*/
function retried(state: AppState, argument: string): Step {
	const number = Number(argument);
	const named = state.instances[number - 1];

	if (argument !== '' && named === undefined) {
		return told(
			state,
			`There is no instance ${argument}; they are numbered from 1 to ${state.instances.length}.`,
		);
	}

	return {
		state,
		requests: [{type: 'retry', instances: named === undefined ? [] : [named]}],
	};
}

function withSetting(
	state: AppState,
	id: 'theme' | 'bell',
	argument: string,
): Step {
	if (id === 'bell' && (argument === 'on' || argument === 'off')) {
		return withSettings(state, {bell: argument === 'on'});
	}

	const themes: readonly string[] = ['auto', ...themeNames];

	if (id === 'theme' && themes.includes(argument)) {
		return withSettings(state, {theme: argument as Settings['theme']});
	}

	return told(
		state,
		id === 'theme'
			? `Choose one: ${themes.map(each => `/theme ${each}`).join(', ')}`
			: 'Choose one: /bell on, /bell off',
	);
}

/**
Take the message that was queued last back into the box, before what is typed there.
*/
function recalled(state: AppState): Step {
	const text = state.queue.at(-1);

	return {
		state:
			text === undefined
				? state
				: {
						...state,
						queue: state.queue.slice(0, -1),
						focus: 'composer',
						composer: prepended(state.composer, text),
					},
		requests: [],
	};
}
