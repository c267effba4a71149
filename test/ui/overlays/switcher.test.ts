import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Check} from '../../../source/ui/services.js';
import {overlayLoaded} from '../../../source/ui/overlays/overlay.js';
import {
	matchesOf,
	pickedIn,
	switcherOf,
	type Switcher,
} from '../../../source/ui/overlays/switcher.js';
import {
	after,
	choices,
	demo,
	requested,
	solo,
	stepOf,
	told,
	trio,
	typed,
	wanted,
} from '../../helpers/overlays.js';

const opened = () =>
	told(switcherOf(choices, choices[1]!), {kind: 'consortiums', choices});
const picked = (switcher: Switcher) => pickedIn(switcher)?.consortium.name;
const check: Check = {problems: ['No key.'], warnings: [], forecast: null};

test('the switcher opens on the consortium in use', () => {
	assert.equal(picked(switcherOf(choices, choices[1]!)), 'trio');
	assert.equal(picked(opened()), 'trio');
	assert.equal(picked(switcherOf([], null)), undefined);
});

test('Enter switches to the one that is picked, and closes', () => {
	const step = stepOf(opened(), 'down', 'enter');
	assert.equal(step.overlay, null);
	assert.deepEqual(requested(step, 'switch'), [
		{type: 'switch', choice: choices[2]},
	]);
});

test('Alt and a digit switch to one of the first nine, whatever is searched for', () => {
	const step = stepOf(typed(after(opened(), '/'), 'demo'), 'alt+1');
	assert.deepEqual(requested(step, 'switch'), [
		{type: 'switch', choice: choices[0]},
	]);
	assert.equal(stepOf(opened(), 'alt+9').overlay?.type, 'switcher');
});

test('the arrows stop at both ends', () => {
	assert.equal(picked(after(opened(), 'up', 'up', 'up')), 'solo');
	assert.equal(picked(after(opened(), 'end', 'down')), 'demo');
	assert.equal(picked(after(opened(), 'pagedown', 'home')), 'solo');
});

test('letters act until the search begins, and are letters in it', () => {
	assert.equal(stepOf(opened(), 'n').opens?.type, 'form');

	for (const begin of ['/', 'tab']) {
		const searching = typed(after(opened(), begin), 'dem');
		assert.equal(searching.list.query.text, 'dem');
		assert.equal(picked(searching), 'demo');
		assert.equal(stepOf(searching, 'n').opens, undefined);
		assert.equal(stepOf(after(searching, 'tab'), 'd').opens?.type, 'form');
	}
});

test('a letter that is no action does nothing', () => {
	assert.deepEqual(after(opened(), 'x', 't'), opened());
});

test('Escape ends the search, and then closes', () => {
	const searching = typed(after(opened(), '/'), 'dem');
	const ended = after(searching, 'escape');
	assert.equal(ended.list.query.text, '');
	assert.equal(ended.isSearching, false);
	assert.equal(stepOf(ended, 'escape').overlay, null);
});

test('Ctrl and the letters act in the search too', () => {
	const searching = typed(after(opened(), '/'), 'solo');

	for (const [chord, title] of [
		['ctrl+n', ''],
		['ctrl+e', 'solo'],
		['ctrl+d', 'solo-copy'],
	] as const) {
		const {opens} = stepOf(searching, chord);
		assert.equal(opens?.type, 'form');
		assert.equal(opens.original.name, title);
	}

	assert.equal(stepOf(searching, 'delete').opens?.type, 'confirm');
});

test('editing opens the form over what is saved, and asks what it needs', () => {
	const step = stepOf(opened(), 'e');
	assert.equal(step.overlay?.type, 'switcher');
	assert.equal(step.opens?.type, 'form');
	assert.equal(step.opens.replaces, 'trio');
	assert.equal(wanted(step, 'consortiums').length, 1);
	assert.equal(wanted(step, 'models').length, 1);
	assert.deepEqual(wanted(step, 'check'), [{kind: 'check', consortium: trio}]);
});

test('a copy gets a name that is free', () => {
	const copy = {...trio, name: 'trio-copy'};
	const all = [
		...choices,
		{kind: 'saved', consortium: copy, isDefault: false} as const,
	];
	const {opens} = stepOf(
		told(switcherOf(all, choices[1]!), {kind: 'consortiums', choices: all}),
		'd',
	);
	assert.equal(opens?.type, 'form');
	assert.deepEqual(opens.original, {...trio, name: 'trio-copy-2'});
	assert.equal(opens.replaces, null);
});

test('removing asks first, and a no changes nothing', () => {
	const {opens, overlay} = stepOf(opened(), 'delete');
	assert.equal(overlay?.type, 'switcher');
	assert.equal(opens?.type, 'confirm');
	assert.deepEqual(stepOf(opens, 'enter'), {overlay: null});
	assert.deepEqual(stepOf(opens, 'y').requests, [
		{type: 'remove', name: 'trio'},
	]);
});

test('the built-in one is copied, but neither edited nor removed, and it says so', () => {
	const onDemo = after(opened(), 'end');

	for (const chord of ['e', 'delete']) {
		const step = stepOf(onDemo, chord);
		assert.equal(step.opens, undefined);
		assert.match((step.overlay as Switcher).remark, /demo is built in/);
	}

	const {opens} = stepOf(onDemo, 'd');
	assert.equal(opens?.type, 'form');
	assert.equal(opens.original.name, 'demo-copy');
	assert.equal(after(onDemo, 'e', 'up').remark, '');
});

test('a star makes a saved one the default', () => {
	assert.deepEqual(stepOf(opened(), 'up', '*').requests, [
		{type: 'make-default', name: 'solo'},
	]);
	assert.deepEqual(requested(stepOf(opened(), 'end', '*'), 'make-default'), []);
});

test('what is in use without being saved stands before the others, without a number', () => {
	const own = {
		kind: 'chosen',
		consortium: {...solo, name: 'unsaved'},
		isDefault: false,
	} as const;
	const switcher = told(switcherOf(choices, own), {
		kind: 'consortiums',
		choices,
	});
	assert.deepEqual(
		matchesOf(switcher).map(({item}) => [
			item.choice.consortium.name,
			item.number,
		]),
		[
			['unsaved', null],
			['solo', 1],
			['trio', 2],
			['demo', 3],
		],
	);
	assert.equal(picked(switcher), 'unsaved');
	assert.match(after(switcher, 'delete').remark, /not saved/);
	const {opens} = stepOf(switcher, 'e');
	assert.equal(opens?.type === 'form' && opens.replaces, null);
});

test('each one is checked once, when it is picked', () => {
	const first = overlayLoaded(switcherOf(choices, choices[1]!), {
		kind: 'consortiums',
		choices,
	});
	assert.deepEqual(wanted(first, 'check'), [{kind: 'check', consortium: trio}]);

	const second = stepOf(first.overlay!, 'down');
	assert.deepEqual(wanted(second, 'check'), [
		{kind: 'check', consortium: demo},
	]);
	assert.deepEqual(wanted(stepOf(second.overlay!, 'up'), 'check'), []);
});

test('an answer for another consortium is not taken for this one', () => {
	const switcher = told(opened(), {
		kind: 'check',
		consortium: {...trio},
		check,
	});
	assert.equal(switcher.checks.get(trio), null);
	assert.equal(
		told(switcher, {kind: 'check', consortium: trio, check}).checks.get(trio),
		check,
	);
});

test('when one is removed, what takes its place is picked', () => {
	const left = choices.filter(({consortium}) => consortium !== trio);
	assert.equal(
		picked(told(opened(), {kind: 'consortiums', choices: left})),
		'demo',
	);
});
