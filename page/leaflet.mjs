/**
 * What pages have of Leaflet, as the global `L`: the map with its handlers, tiles, markers, zoom buttons and the scale.
 *
 * Of its modules these are three fifths; its vector layers, pop-ups and controls of layers are not used, as the areas are
 * drawn on canvases of the page's own (decision 1). It also asks old Internet Explorer for VML, for which other browsers
 * read all its code again.
 */
import { Control, control } from "leaflet/src/control/Control.js";
import { scale } from "leaflet/src/control/Control.Scale.js";
import "leaflet/src/control/Control.Zoom.js";
import * as DomEvent from "leaflet/src/dom/DomEvent.js";
import * as DomUtil from "leaflet/src/dom/DomUtil.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TapHold.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";

control.scale = scale;

export { Bounds, toBounds as bounds } from "leaflet/src/geometry/Bounds.js";
export { Point, toPoint as point } from "leaflet/src/geometry/Point.js";
export { LatLng, toLatLng as latLng } from "leaflet/src/geo/LatLng.js";
export { LatLngBounds, toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { Layer } from "leaflet/src/layer/Layer.js";
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { Marker, marker } from "leaflet/src/layer/marker/Marker.js";
export { TileLayer, tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
export { createMap as map, Map } from "leaflet/src/map/Map.js";
export { Control, control, DomEvent, DomUtil };
