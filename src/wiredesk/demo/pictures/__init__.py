"""Pictures the demo draws itself, the same every time: photo slots, portraits, marks."""
