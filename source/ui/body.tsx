import {Box} from 'ink';
import {useSyncExternalStore} from 'react';
import {type App} from './app.js';
import {type AppState} from './app-state.js';
import {ComposerBox} from './composer/composer-box.js';
import {SlashMenu} from './composer/slash-menu.js';
import {type Layout} from './layout.js';
import {OverlayView} from './overlays/overlay-view.js';
import {ArbiterPane} from './panes/arbiter-pane.js';
import {Footer, Queue, Rule} from './panes/bottom.js';
import {Grid} from './panes/grid.js';
import {costSum, Header, type Cost} from './panes/header.js';
import {QuestionLine} from './panes/question-line.js';
import {Strip} from './panes/strip.js';
import {Transcript} from './panes/transcript.js';
import {Welcome} from './panes/welcome.js';
import {ZoomPane} from './panes/zoom-pane.js';
import {type RunStore} from './run-store.js';
import {type Screen} from './screen.js';
import {slashMenuOf} from './slash-commands.js';
import {spentOf} from './spent.js';
import {type Theme} from './theme.js';
import {isResumable} from './turn-facts.js';

type Props = {
	readonly app: App;
	readonly state: AppState;
	readonly screen: Screen;
	readonly theme: Theme;
};

/**
Header, what is in the middle, and the box a person types in.
*/
export function Body({app, state, screen, theme}: Props) {
	const {runs, store} = app;
	const {columns} = state;
	const overlay = state.overlays.at(-1);

	return (
		<>
			<LiveHeader runs={runs} state={state} theme={theme} />
			{overlay ? (
				<OverlayView
					overlay={overlay}
					columns={columns}
					rows={screen.overlayRows}
					theme={theme}
					screen={spentOf(state, runs.picture())}
					onRequest={store.request}
					onClose={store.closeOverlay}
				/>
			) : (
				<>
					<Middle runs={runs} state={state} screen={screen} theme={theme} />
					{!state.reading && (
						<Bottom state={state} screen={screen} theme={theme} />
					)}
				</>
			)}
			<Footer
				notice={state.notice}
				hints={hintsOf(state)}
				columns={columns}
				theme={theme}
			/>
		</>
	);
}

function LiveHeader({
	runs,
	state,
	theme,
}: {
	readonly runs: RunStore;
	readonly state: AppState;
	readonly theme: Theme;
}) {
	const view = useSyncExternalStore(
		runs.header.subscribe,
		runs.header.snapshot,
	);

	return (
		<Header
			view={view}
			next={state.choice?.consortium ?? null}
			others={costOf(state.runs, view.runId)}
			width={state.columns}
			theme={theme}
		/>
	);
}

/**
What the other runs of the conversation cost; null where there are none.
*/
function costOf(runs: AppState['runs'], runId: string): Cost | null {
	const others = runs.filter(run => run.runId !== runId);

	return others.length === 0
		? null
		: others.reduce<Cost>(
				(sum, {result}) =>
					costSum(sum, {
						costUsd: result?.costUsd ?? null,
						costIsComplete: result?.costIsComplete ?? false,
					}),
				{costUsd: null, costIsComplete: true},
			);
}

type MiddleProps = Omit<Props, 'app'> & {readonly runs: RunStore};

const noWords: readonly RegExp[] = [];

function Middle({runs, state, screen, theme}: MiddleProps) {
	const {layout, transcript} = screen;
	const {bands} = layout;
	const {columns, reading, turns, running, choices} = state;
	const isEmpty = turns.length === 0 && !running && !reading;

	return (
		<>
			{bands.question.rows > 0 && (
				<QuestionLine
					prompt={running?.prompt ?? turns.at(-1)?.prompt ?? ''}
					width={columns}
					theme={theme}
				/>
			)}
			{bands.transcript.rows > 0 &&
				(isEmpty ? (
					<Welcome
						choice={state.choice}
						local={
							choices.find(({kind}) => kind === 'chosen')?.consortium.name ??
							null
						}
						isKeyless={state.isKeyless}
						rows={bands.transcript.rows}
						theme={theme}
					/>
				) : (
					<Transcript
						lines={transcript}
						words={reading?.words ?? noWords}
						scroll={reading?.scroll ?? state.transcript}
						rows={bands.transcript.rows}
						columns={columns}
						theme={theme}
						isFocused={state.focus === 'transcript' || reading !== null}
					/>
				))}
			<RunParts runs={runs} state={state} layout={layout} theme={theme} />
		</>
	);
}

/**
What shows the run: panes or their strip, the arbiter, or one of them alone.
*/
function RunParts({
	runs,
	state,
	layout,
	theme,
}: {
	readonly runs: RunStore;
	readonly state: AppState;
	readonly layout: Layout;
	readonly theme: Theme;
}) {
	const panes = useSyncExternalStore(runs.panes.subscribe, runs.panes.snapshot);
	const arbiter = useSyncExternalStore(
		runs.arbiter.subscribe,
		runs.arbiter.snapshot,
	);
	const zoom = useSyncExternalStore(runs.zoom.subscribe, runs.zoom.snapshot);
	const {bands, grid, strip} = layout;
	const {columns, focus, pane} = state;
	const heads = useSyncExternalStore(runs.heads.subscribe, runs.heads.snapshot);

	return (
		<>
			{strip && bands.strip.rows > 0 && (
				<Strip
					heads={heads}
					plan={strip}
					picked={pane}
					isFocused={focus === 'grid'}
					theme={theme}
				/>
			)}
			{grid && (
				<Grid
					views={panes}
					heads={heads}
					plan={grid}
					width={columns}
					rows={bands.grid.rows}
					picked={pane}
					isFocused={focus === 'grid'}
					theme={theme}
				/>
			)}
			{bands.arbiter.rows > 0 && (
				<ArbiterPane
					view={arbiter}
					width={columns}
					rows={bands.arbiter.rows}
					isFocused={focus === 'arbiter'}
					theme={theme}
				/>
			)}
			{bands.zoom.rows > 0 && state.zoom && (
				<Box height={bands.zoom.rows} flexDirection="column">
					{zoom && (
						<ZoomPane
							view={zoom}
							head={
								zoom.target === 'arbiter' ? arbiter.head : heads[zoom.target]!
							}
							scroll={state.zoom.scroll}
							width={columns}
							rows={bands.zoom.rows}
							theme={theme}
						/>
					)}
				</Box>
			)}
		</>
	);
}

function Bottom({state, screen, theme}: Omit<Props, 'app'>) {
	const {bottom} = screen;
	const {columns, rows, composer, focus, zoom, queue, running} = state;
	const menu = slashMenuOf(state);

	return (
		<>
			<Rule
				label={running?.isCancelling ? 'cancelling' : ''}
				columns={columns}
				theme={theme}
			/>
			<Queue queue={queue} columns={columns} theme={theme} />
			{menu && bottom.menu > 0 && (
				<SlashMenu
					items={menu.items}
					choice={menu.choice}
					width={columns}
					rows={bottom.menu}
					theme={theme}
				/>
			)}
			<ComposerBox
				composer={composer}
				width={columns}
				rows={bottom.box}
				top={rows - bottom.footer - bottom.box}
				isFocused={focus === 'composer' && !zoom}
				theme={theme}
				prompt=">"
				placeholder={
					focus === 'composer' ? invitationOf(state) : 'Tab or Esc to type'
				}
				hint=""
			/>
		</>
	);
}

function invitationOf({running, turns}: AppState): string {
	if (running) {
		return 'type ahead: it is sent when the run has ended';
	}

	return turns.length > 0
		? 'follow up, or / for commands'
		: 'ask, or / for commands';
}

function hintsOf(state: AppState): string {
	const {zoom, reading, focus, running, overlays} = state;

	// An overlay tells its keys itself.
	if (overlays.length > 0) {
		return '';
	}

	if (reading) {
		return 'an earlier conversation, to be read   Enter go on   ↑↓ PgUp PgDn scroll   Esc back';
	}

	if (zoom?.what === 'arbiter') {
		return '↑↓ PgUp PgDn scroll   g good  b bad  j judge again  d dissent  c copy   Esc back';
	}

	if (zoom) {
		return '↑↓ PgUp PgDn scroll   ←→ others   s stop  r retry  x leave out  m model  c copy  e editor   Esc back';
	}

	switch (focus) {
		case 'grid': {
			return '? keys   1–9 ←→ pick   Enter zoom   s stop  r retry  x leave out  m model  c copy  e editor   +/- size   Esc back';
		}

		case 'arbiter': {
			return '? keys   Enter zoom   g good  b bad  j judge again  d dissent  c copy   Esc back';
		}

		case 'transcript': {
			return '? keys   ↑↓ PgUp PgDn scroll   g good  b bad  c copy  e editor  d dissent   Esc back';
		}

		case 'composer': {
			const last = state.runs.at(-1);

			if (!running && last && isResumable(last)) {
				return 'Ctrl+N resume the run   Ctrl+K consortium   Ctrl+P commands   Tab instances   F1 keys';
			}

			return running
				? 'Ctrl+S answer now   Esc cancel   Tab instances   Ctrl+T cost   F1 keys'
				: 'Ctrl+K consortium   Ctrl+P commands   Tab instances   Ctrl+O conversations   F1 keys';
		}
	}
}
