"""Page images → layouts: upright, straight, without seals; rulings to cells, text lines to a recogniser."""
