import assert from 'node:assert/strict';
import type fc from 'fast-check';
import {readConsortium} from '../../source/core/consortium-config.js';
import {
	overlayLoaded,
	pressOverlay,
	type Overlay,
	type OverlayStep,
	type Space,
} from '../../source/ui/overlays/overlay.js';
import {
	type Loaded,
	type Request,
	type Wanted,
} from '../../source/ui/requests.js';
import {type ConversationEntry} from '../../source/ui/log-entries.js';
import {
	type Choice,
	type KeyEntry,
	type ModelEntry,
} from '../../source/ui/services.js';
import {type KeyPress} from '../../source/ui/keys.js';
import {anyKey, press} from './keys.js';

export const space: Space = {
	columns: 80,
	rows: 22,
	screen: {pictures: [], liveRunId: null, dailyLimitUsd: null},
};

export const trio = readConsortium({
	name: 'trio',
	members: [
		'gpt-6-luna:3?temperature=0.2',
		{model: 'claude-opus-5-5', system: 'Doubt.\nAlways.', weight: 2},
	],
	arbiter: 'claude-opus-5-5',
	limits: {budgetUsd: 0.5},
});

export const solo = readConsortium({name: 'solo', members: ['llama3:8b']});

export const demo = readConsortium({
	name: 'demo',
	members: ['demo/optimist', 'demo/skeptic'],
	arbiter: 'demo/arbiter',
});

export const choices: readonly Choice[] = [
	{kind: 'saved', consortium: solo, isDefault: false},
	{kind: 'saved', consortium: trio, isDefault: true},
	{kind: 'built-in', consortium: demo, isDefault: false},
];

export const models: readonly ModelEntry[] = [
	{name: 'gpt-6-luna', isReady: true, inputUsd: 1.25, outputUsd: 10},
	{name: 'gpt-6.1-sol', isReady: true, inputUsd: 5, outputUsd: 25},
	{name: 'ollama/llama3:8b', isReady: true, inputUsd: 0, outputUsd: 0},
	{name: 'gemini-3.8-flash', isReady: false, inputUsd: null, outputUsd: null},
];

export const keys: readonly KeyEntry[] = [
	{provider: 'openai', source: 'stored', variables: ['OPENAI_API_KEY']},
	{
		provider: 'anthropic',
		source: 'ANTHROPIC_API_KEY',
		variables: ['ANTHROPIC_API_KEY'],
	},
	{
		provider: 'gemini',
		source: null,
		variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
	},
];

export const conversationEntries = (
	count: number,
	from = 0,
): ConversationEntry[] =>
	Array.from({length: count}, (_, index) => ({
		id: `c${from + index}`,
		title: `Why is number ${from + index} odd?`,
		forkedFrom: null,
		consortium: 'trio',
		turns: 1 + (index % 3),
		costUsd: index % 2 === 0 ? 0.012 : null,
		costIsComplete: index % 2 === 0,
		lastAt: Date.UTC(2026, 2, 1) - index * 3_600_000,
		isBrokenOff: false,
		isImported: false,
		hit: null,
	}));

/**
The step of the last of these keys, each a chord.
*/
export function stepOf(overlay: Overlay, ...chords: string[]): OverlayStep {
	let step: OverlayStep = {overlay};

	for (const chord of chords) {
		assert.ok(step.overlay, `It closed before ${chord}.`);
		step = pressOverlay(step.overlay, press(chord), space);
	}

	return step;
}

/**
The overlay after these keys, which leave it open.
*/
export function after<Type extends Overlay>(
	overlay: Type,
	...chords: string[]
): Type {
	return sameKind(overlay, stepOf(overlay, ...chords).overlay);
}

/**
The overlay after each character of a text was typed.
*/
export function typed<Type extends Overlay>(overlay: Type, text: string): Type {
	return after(overlay, ...text);
}

export function told<Type extends Overlay>(
	overlay: Type,
	...all: readonly Loaded[]
): Type {
	return all.reduce<Type>(
		(now, loaded) => sameKind(now, overlayLoaded(now, loaded).overlay),
		overlay,
	);
}

function sameKind<Type extends Overlay>(
	before: Type,
	overlay: Overlay | null,
): Type {
	assert.equal(overlay?.type, before.type);
	return overlay as Type;
}

/**
What was asked for with `load`, of one kind.
*/
export function wanted<Kind extends Wanted['kind']>(
	step: OverlayStep,
	kind: Kind,
) {
	return (step.requests ?? []).flatMap(request =>
		request.type === 'load' && request.what.kind === kind
			? [request.what as Extract<typeof request.what, {kind: Kind}>]
			: [],
	);
}

export const requested = <Type extends Request['type']>(
	step: OverlayStep,
	type: Type,
) =>
	(step.requests ?? []).filter(
		(request): request is Extract<Request, {type: Type}> =>
			request.type === type,
	);

const chords = [
	'up',
	'down',
	'left',
	'right',
	'home',
	'end',
	'pageup',
	'pagedown',
	'enter',
	'tab',
	'shift+tab',
	'backspace',
	'delete',
	'ctrl+n',
	'ctrl+x',
	'ctrl+o',
	'ctrl+e',
	'ctrl+d',
	'ctrl+s',
	'ctrl+g',
	'ctrl+j',
	'ctrl+u',
	'ctrl+t',
	'ctrl+k',
	'alt+up',
	'alt+down',
	'alt+1',
	'alt+9',
	'f1',
	'?',
	'/',
	'*',
	'n',
	'e',
	'd',
	'q',
	'y',
	' ',
	':',
	'2',
];

/**
Any key but those that only close.
*/
export const anyOverlayKey: fc.Arbitrary<KeyPress> = anyKey(chords);
